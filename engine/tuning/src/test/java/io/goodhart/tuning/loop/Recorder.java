package io.goodhart.tuning.loop;

import io.goodhart.tuning.model.TrainableModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Remembers what a training tells, and dies behind a step if asked to, as a killed process would. */
final class Recorder implements TrainingListener {
    final Map<Integer, Map<String, Double>> steps = new TreeMap<>();
    final List<Progress> progress = new ArrayList<>();
    final List<Integer> snapshots = new ArrayList<>();
    final Map<Integer, Path> checkpoints = new LinkedHashMap<>();
    private final int killAfter;

    static final class Killed extends RuntimeException {}

    Recorder() {
        this(Integer.MAX_VALUE);
    }

    Recorder(int killAfter) {
        this.killAfter = killAfter;
    }

    @Override
    public void onStep(StepMetrics metrics) {
        steps.put(metrics.step(), metrics.values());
        if (metrics.step() > killAfter) {
            throw new Killed();
        }
    }

    @Override
    public void onProgress(Progress now) {
        progress.add(now);
    }

    @Override
    public void onSnapshot(int step, TrainableModel model) {
        snapshots.add(step);
    }

    @Override
    public void onCheckpoint(int step, Path file) {
        checkpoints.put(step, file);
    }
}
