/** Tests with a real PostgreSQL, and the server that other modules' tests use too. */
@NullMarked
package io.goodhart.db;

import org.jspecify.annotations.NullMarked;
