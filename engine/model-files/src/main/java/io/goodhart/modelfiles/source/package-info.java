/** Where model directories come from: the Hub and archives, brought into a cache as a whole or not at all. */
@NullMarked
package io.goodhart.modelfiles.source;

import org.jspecify.annotations.NullMarked;
