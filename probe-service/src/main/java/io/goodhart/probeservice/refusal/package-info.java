/** What the service answers when it does not do what it was asked. */
@NullMarked
package io.goodhart.probeservice.refusal;

import org.jspecify.annotations.NullMarked;
