package io.goodhart.tuning.loop;

import io.goodhart.tensor.Scope;
import io.goodhart.tuning.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains a model. Deterministic: the same setup gives the same metrics and weights bit by bit on the same device, whether or
 * not it was interrupted and continued from a checkpoint.
 *
 * <p>A step is: forward and backward for each micro-batch, gradients adding up; global-norm clipping; one update. To be run on a
 * compute thread; it opens its own scopes.
 */
public final class TrainingLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingLoop.class);

    private final LongSupplier nanoTime;

    public TrainingLoop() {
        this(System::nanoTime);
    }

    /**
     * @param nanoTime a clock that never goes back, in nanoseconds; only throughput and remaining time depend on it
     */
    public TrainingLoop(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Runs until all steps are done, or it is cancelled, or the loss is no longer a finite number.
     *
     * @throws IOException if a checkpoint cannot be read or written
     */
    public TrainingResult run(TrainingSetup setup, TrainingListener listener) throws IOException {
        try (TrainingState state = TrainingState.start(setup)) {
            Pace pace = new Pace(nanoTime, state.step(), setup.plan().totalSteps());
            StepWork work = StepWork.of(setup.model(), setup.task());
            if (state.step() == 0 && setup.snapshotSteps().contains(0)) {
                listener.onSnapshot(0, setup.model());
            }
            while (state.step() < setup.plan().totalSteps()) {
                if (setup.cancelled().getAsBoolean() || Thread.currentThread().isInterrupted()) {
                    LOG.info(
                            "Cancelled after {} of {} steps",
                            state.step(),
                            setup.plan().totalSteps());
                    return new TrainingResult.Cancelled(state.step(), save(setup, state, listener));
                }
                pace.startStep();
                Optional<TrainingResult.Diverged> diverged = step(setup, state, work, pace, listener);
                if (diverged.isPresent()) {
                    return diverged.get();
                }
                if (setup.snapshotSteps().contains(state.step())) {
                    listener.onSnapshot(state.step(), setup.model());
                }
                boolean last = state.step() == setup.plan().totalSteps();
                if (!last && state.step() % setup.checkpointing().everySteps() == 0) {
                    save(setup, state, listener);
                }
            }
            return new TrainingResult.Completed(state.step(), state.tokens());
        }
    }

    private Optional<TrainingResult.Diverged> step(
            TrainingSetup setup, TrainingState state, StepWork work, Pace pace, TrainingListener listener) {
        int step = state.step();
        List<int[]> microBatches = setup.plan().microBatches(step);
        MetricAccumulator metrics = new MetricAccumulator(microBatches.size());
        work.begin(step, microBatches, metrics);
        state.optimizer().zeroGradients();
        for (int[] rows : microBatches) {
            try (Scope _ = Scope.open()) {
                metrics.addShare(MetricNames.LOSS, work.microBatch(rows, metrics));
            }
        }
        double norm =
                setup.optimization().clipping().apply(setup.model().parameters().values());
        double loss = metrics.value(MetricNames.LOSS);
        if (!Double.isFinite(loss) || !Double.isFinite(norm)) {
            state.optimizer().zeroGradients();
            LOG.warn("Diverged at step {}: loss {}, gradient norm {}", step + 1, loss, norm);
            return Optional.of(new TrainingResult.Diverged(step, loss, norm, state.weightNorm()));
        }
        double rate = setup.optimization().learningRateOf(step);
        state.optimizer().step(rate);
        if (isKept(setup, step + 1) && !Double.isFinite(state.weightNorm())) {
            LOG.warn("Diverged: the update of step {} left weights that are not finite", step + 1);
            return Optional.of(new TrainingResult.Diverged(step, loss, norm, state.weightNorm()));
        }
        state.advance(metrics.tokens());
        SequencedMap<String, Double> values = metrics.values();
        values.put(MetricNames.GRAD_NORM, norm);
        values.put(MetricNames.LEARNING_RATE, rate);
        values.put(MetricNames.EPOCH, setup.plan().epochsAfter(state.step()));
        values.put(MetricNames.NUM_TOKENS, (double) state.tokens());
        listener.onStep(new StepMetrics(state.step(), values, pace.tokensPerSecond(metrics.tokens())));
        listener.onProgress(pace.progressAfter(state.step()));
        return Optional.empty();
    }

    /** Whether somebody sees the weights after so many steps; in between, the next step's loss shows what is wrong with them. */
    private static boolean isKept(TrainingSetup setup, int steps) {
        boolean saved = setup.checkpointing().directory().isPresent()
                && steps % setup.checkpointing().everySteps() == 0;
        return saved
                || steps == setup.plan().totalSteps()
                || setup.snapshotSteps().contains(steps);
    }

    private static Optional<Path> save(TrainingSetup setup, TrainingState state, TrainingListener listener)
            throws IOException {
        Optional<Path> directory = setup.checkpointing().directory();
        if (directory.isEmpty() || !Double.isFinite(state.weightNorm())) {
            return Optional.empty(); // nobody can go on from weights that are not finite
        }
        Path file = directory.get().resolve("checkpoint-%d.safetensors".formatted(state.step()));
        Checkpoint.write(file, state.header(), state.tensors());
        listener.onCheckpoint(state.step(), file);
        Optional<Path> outdated = state.retain(file);
        if (outdated.isPresent()) {
            Files.deleteIfExists(outdated.get());
        }
        return Optional.of(file);
    }
}
