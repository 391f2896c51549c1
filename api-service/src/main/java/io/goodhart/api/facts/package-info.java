/** What the files that a specification names say about themselves, read once for each state of a file. */
@NullMarked
package io.goodhart.api.facts;

import org.jspecify.annotations.NullMarked;
