/** Registered models: sources, their life, and what is known of the ready ones. */
@NullMarked
package io.goodhart.db.model;

import org.jspecify.annotations.NullMarked;
