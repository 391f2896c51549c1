@NullMarked
package io.goodhart.storage;

import org.jspecify.annotations.NullMarked;
