/** What the files of a model that are JSON have in common. */
@NullMarked
package io.goodhart.modelfiles.json;

import org.jspecify.annotations.NullMarked;
