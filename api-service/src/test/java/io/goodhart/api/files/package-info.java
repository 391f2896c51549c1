@NullMarked
package io.goodhart.api.files;

import org.jspecify.annotations.NullMarked;
