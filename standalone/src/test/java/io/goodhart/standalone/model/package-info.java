@NullMarked
package io.goodhart.standalone.model;

import org.jspecify.annotations.NullMarked;
