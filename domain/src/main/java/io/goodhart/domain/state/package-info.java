/** States of experiments, runs and tasks, and why they fail. */
@NullMarked
package io.goodhart.domain.state;

import org.jspecify.annotations.NullMarked;
