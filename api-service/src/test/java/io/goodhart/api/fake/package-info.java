/** Stand-ins for the database, and files to point specifications at. */
@NullMarked
package io.goodhart.api.fake;

import org.jspecify.annotations.NullMarked;
