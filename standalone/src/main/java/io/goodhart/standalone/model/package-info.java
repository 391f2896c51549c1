/** What {@code goodhart model check} computes, in a process of its own. */
@NullMarked
package io.goodhart.standalone.model;

import org.jspecify.annotations.NullMarked;
