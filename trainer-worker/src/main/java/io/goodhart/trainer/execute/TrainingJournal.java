package io.goodhart.trainer.execute;

import io.goodhart.trainer.artifact.TrainingSummary;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.tuning.loop.Progress;
import io.goodhart.tuning.loop.StepMetrics;
import io.goodhart.tuning.loop.TrainingListener;
import io.goodhart.tuning.model.TrainableModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Passes on what happens in a training, and keeps what its outputs are made of. */
final class TrainingJournal implements TrainingListener {
    private final TaskContext context;
    private final TrainingStart start;
    private final EvaluationPoints points;
    private final int truncated;
    private Map<String, Double> last = new LinkedHashMap<>();
    private double tokensPerSecond;

    /** @param truncated rows that were cut to the longest sequence */
    TrainingJournal(TaskContext context, TrainingStart start, EvaluationPoints points, int truncated) {
        this.context = context;
        this.start = start;
        this.points = points;
        this.truncated = truncated;
    }

    /** Metrics of the latest step, and how many rows were cut if any was. */
    Map<String, Double> lastMetrics() {
        Map<String, Double> metrics = new LinkedHashMap<>(last);
        if (truncated > 0) {
            metrics.put(TrainingSummary.TRUNCATED, (double) truncated);
        }
        return metrics;
    }

    @Override
    public void onStep(StepMetrics metrics) {
        last = new LinkedHashMap<>(metrics.values());
        tokensPerSecond = metrics.tokensPerSecond();
        context.metrics(metrics.step(), metrics.values());
    }

    @Override
    public void onProgress(Progress progress) {
        context.progress(
                progress.step(),
                progress.totalSteps(),
                "steps",
                progress.remaining().toMillis() / 1000.0,
                "training, %.0f tokens/s".formatted(tokensPerSecond));
    }

    @Override
    public void onSnapshot(int step, TrainableModel model) {
        Path first = null;
        for (int point : points.at(step)) {
            Path archive = context.output(EvaluationPoints.output(point));
            if (first == null) {
                start.write(context.work().resolve("point-" + point), archive);
                first = archive;
            } else {
                copy(first, archive);
            }
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void onCheckpoint(int step, Path file) {
        if (context.stop().isRaised() && !context.stop().keepsWork()) {
            return;
        }
        Map<String, Path> reached = new TreeMap<>();
        for (int point = 1; point < points.count(); point++) {
            if (points.step(point) <= step) {
                reached.put(EvaluationPoints.output(point), context.output(EvaluationPoints.output(point)));
            }
        }
        Path bundle = file.resolveSibling("checkpoint-" + step + ".zip");
        CheckpointBundle.write(bundle, file, reached);
        context.saved(step, bundle);
    }
}
