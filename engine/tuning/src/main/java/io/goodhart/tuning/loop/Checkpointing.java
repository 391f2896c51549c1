package io.goodhart.tuning.loop;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether and where checkpoints are written, and from which one a training continues.
 *
 * @param directory where they go, must exist; none are written if empty. The newest two of this process are kept
 * @param everySteps one after every so many steps, and one when the training is cancelled
 * @param resumeFrom checkpoint to continue from, if any
 */
public record Checkpointing(Optional<Path> directory, int everySteps, Optional<Path> resumeFrom) {
    public Checkpointing {
        if (everySteps < 1) {
            throw new IllegalArgumentException("Need a checkpoint every 1 or more steps, got " + everySteps);
        }
    }

    /** No checkpoints. */
    public static Checkpointing none() {
        return new Checkpointing(Optional.empty(), 1, Optional.empty());
    }

    /** Checkpoints from the beginning on. */
    public static Checkpointing into(Path directory, int everySteps) {
        return new Checkpointing(Optional.of(directory), everySteps, Optional.empty());
    }

    /** The same, continuing from a checkpoint. */
    public Checkpointing from(Path checkpoint) {
        return new Checkpointing(directory, everySteps, Optional.of(checkpoint));
    }
}
