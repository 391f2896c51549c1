/** The OpenAPI 3.1 document, made right for records, sealed types and null-safety. */
@NullMarked
package io.goodhart.api.openapi;

import org.jspecify.annotations.NullMarked;
