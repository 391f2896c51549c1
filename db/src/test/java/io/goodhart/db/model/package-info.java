@NullMarked
package io.goodhart.db.model;

import org.jspecify.annotations.NullMarked;
