/** config.json as one record per supported architecture; what is not supported is refused by name. */
@NullMarked
package io.goodhart.modelfiles.config;

import org.jspecify.annotations.NullMarked;
