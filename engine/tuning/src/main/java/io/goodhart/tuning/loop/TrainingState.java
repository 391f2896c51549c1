package io.goodhart.tuning.loop;

import io.goodhart.domain.Hashes;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Optimizer;
import io.goodhart.tensor.Tensor;
import io.goodhart.tuning.checkpoint.Checkpoint;
import io.goodhart.tuning.checkpoint.CheckpointHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** What changes while training goes on; everything else follows from the setup and the step. */
final class TrainingState implements AutoCloseable {
    /** The newest, and the one before for whoever still copies it. */
    private static final int KEPT_CHECKPOINTS = 2;

    private final SequencedMap<String, Tensor> parameters;
    private final Optimizer optimizer;
    private final String fingerprint;
    private final Deque<Path> checkpoints = new ArrayDeque<>();
    private int step;
    private long tokens;

    private TrainingState(TrainingSetup setup) {
        parameters = setup.model().parameters();
        if (parameters.isEmpty()) {
            throw new IllegalArgumentException("Need at least one trainable tensor");
        }
        optimizer = setup.optimization().optimizer().optimizer(parameters);
        fingerprint = fingerprint(setup);
    }

    /** The state at the beginning, or that of the checkpoint to resume from. */
    static TrainingState start(TrainingSetup setup) throws IOException {
        TrainingState state = new TrainingState(setup);
        Optional<Path> resumeFrom = setup.checkpointing().resumeFrom();
        if (resumeFrom.isEmpty()) {
            return state;
        }
        try (Checkpoint checkpoint = Checkpoint.open(resumeFrom.get())) {
            checkpoint.restore(state.fingerprint, state.tensors());
            state.step = checkpoint.header().step();
            state.tokens = checkpoint.header().tokens();
            return state;
        } catch (IOException | RuntimeException e) {
            state.close();
            throw e;
        }
    }

    /** Steps done. */
    int step() {
        return step;
    }

    /** Attended tokens so far. */
    long tokens() {
        return tokens;
    }

    Optimizer optimizer() {
        return optimizer;
    }

    /** Global 2-norm of the trainable weights: not finite if one of them is not. */
    double weightNorm() {
        return Kernels.best().globalNorm(List.copyOf(parameters.values()));
    }

    void advance(long tokensOfStep) {
        step++;
        tokens += tokensOfStep;
    }

    CheckpointHeader header() {
        return new CheckpointHeader(step, tokens, fingerprint);
    }

    /** Notes a new checkpoint; gives the one that is no longer needed, if any. */
    Optional<Path> retain(Path checkpoint) {
        checkpoints.remove(checkpoint);
        checkpoints.add(checkpoint);
        return checkpoints.size() > KEPT_CHECKPOINTS ? Optional.of(checkpoints.removeFirst()) : Optional.empty();
    }

    /** Trainable weights and optimiser state under the names of a checkpoint. */
    SequencedMap<String, Tensor> tensors() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        parameters.forEach((name, tensor) -> tensors.put("weights/" + name, tensor));
        optimizer.state().forEach((name, tensor) -> tensors.put("optimizer/" + name, tensor));
        return tensors;
    }

    /** Reference scores are left out: they follow from the model, up to rounding on another machine. */
    private static String fingerprint(TrainingSetup setup) {
        String task = switch (setup.task()) {
            case TrainingTask.Preferences preferences ->
                "preferences %s %s".formatted(preferences.pairs(), preferences.loss());
            case TrainingTask.Sft sft -> sft.toString();
            case TrainingTask.ProbeSft probeSft -> probeSft.toString();
            case TrainingTask.Grpo grpo -> "grpo %d %s".formatted(grpo.rows(), grpo.objective());
        };
        String shapes = setup.model().parameters().entrySet().stream()
                .map(entry -> entry.getKey() + entry.getValue())
                .collect(Collectors.joining(","));
        return Hashes.sha256(String.join(
                "\n", task, setup.plan().toString(), setup.optimization().toString(), shapes));
    }

    @Override
    public void close() {
        optimizer.close();
    }
}
