/** How values travel over HTTP: JSON in the platform's one spelling, lists in pages. */
@NullMarked
package io.goodhart.api.web;

import org.jspecify.annotations.NullMarked;
