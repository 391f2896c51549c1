package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Lap;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Takes the time of steps between the training loop's calls. */
final class StepWatch implements TrainingListener {
    private static final int WARM_UP_STEPS = 2;

    private final String name;
    private final int stepsPerRepeat;
    private final Recorder recorder;
    private final Runnable beforeEach;
    private final Function<Lap, Sample> sample;
    private final List<Sample> samples = new ArrayList<>();
    private final Lap.Start warmUp = Lap.start();
    private Lap.Start start = warmUp;
    private int measuredFrom = -1;

    /**
     * A watch for one training.
     *
     * @param beforeEach what is done when the turn has come, unmeasured
     * @param sample what the time of a repetition means
     */
    StepWatch(String name, int stepsPerRepeat, Recorder recorder, Runnable beforeEach, Function<Lap, Sample> sample) {
        this.name = name;
        this.stepsPerRepeat = stepsPerRepeat;
        this.recorder = recorder;
        this.beforeEach = beforeEach;
        this.sample = sample;
    }

    boolean isDone() {
        return samples.size() == recorder.repeats();
    }

    List<Sample> samples() {
        return samples;
    }

    @Override
    public void onStep(StepMetrics metrics) {
        Lap lap = start.stop();
        if (measuredFrom < 0) {
            if (metrics.step() < WARM_UP_STEPS || !recorder.isWarm(warmUp)) {
                return;
            }
            measuredFrom = metrics.step();
            beforeEach.run();
            recorder.ready(name);
        } else if ((metrics.step() - measuredFrom) % stepsPerRepeat == 0) {
            samples.add(sample.apply(lap));
            recorder.record(name, samples.size() - 1, samples.getLast());
        } else {
            return;
        }
        if (!isDone()) {
            recorder.awaitTurn();
            beforeEach.run();
            start = Lap.start();
        }
    }
}
