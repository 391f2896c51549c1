/** One file per supported family: how its config.json reads and which parts it is made of. Anything else is refused by name. */
@NullMarked
package io.goodhart.modelfiles.family;

import org.jspecify.annotations.NullMarked;
