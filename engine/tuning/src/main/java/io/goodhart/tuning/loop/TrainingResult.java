package io.goodhart.tuning.loop;

import java.nio.file.Path;
import java.util.Optional;

/** How a training ended. */
public sealed interface TrainingResult {
    /** Steps whose update was applied, those before a resumption included. */
    int steps();

    /** All steps done. */
    record Completed(int steps, long tokens) implements TrainingResult {}

    /** Stopped between steps because it was asked to. */
    record Cancelled(int steps, Optional<Path> checkpoint) implements TrainingResult {}

    /**
     * The next step's loss or gradient was not a finite number, and nothing of that step was applied; or its update made weights that
     * are not finite.
     *
     * @param loss the loss, not finite unless the gradient overflowed
     * @param gradientNorm the norm of the gradient; NaN if it was not computed
     * @param weightNorm the norm of the trained weights
     */
    record Diverged(int steps, double loss, double gradientNorm, double weightNorm) implements TrainingResult {}
}
