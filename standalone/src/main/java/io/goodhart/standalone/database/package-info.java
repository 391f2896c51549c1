/** A PostgreSQL server that needs no installation. */
@NullMarked
package io.goodhart.standalone.database;

import org.jspecify.annotations.NullMarked;
