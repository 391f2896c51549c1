/** The files root: what a specification may name, and nothing outside it. */
@NullMarked
package io.goodhart.api.files;

import org.jspecify.annotations.NullMarked;
