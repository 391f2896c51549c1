package io.goodhart.benchmarks.memory;

import io.goodhart.benchmarks.measure.Lap;
import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import java.io.IOException;
import java.nio.file.Path;

/** Resident memory over many training steps and generation batches. */
public final class Memory {
    private final Path directory;
    private final int count;

    /** Reads what to do from options. */
    public Memory(Options options) {
        Path root = Path.of(System.getProperty("goodhart.root", "."));
        this.directory = options.path("model-dir", root.resolve("models").resolve("tiny-gemma3"));
        this.count = options.number("count", 500);
    }

    /** Measures both. */
    public void run(Recorder recorder) throws IOException {
        recorder.begin();
        Lap.Start training = Lap.start();
        Growth steps = MemoryRuns.training(directory, count);
        recorder.record("memory/training", 0, sample(training.stop(), "step", steps));
        Lap.Start generation = Lap.start();
        Growth batches = MemoryRuns.generation(directory, count);
        recorder.record("memory/generation", 0, sample(generation.stop(), "batch", batches));
    }

    private static Sample sample(Lap lap, String unit, Growth growth) {
        return Sample.of(lap, unit, growth.readings())
                .with("rss_mb_first", growth.firstMegabytes())
                .with("rss_mb_last", growth.lastMegabytes())
                .with("rss_mb_per_100", growth.megabytesPerHundred())
                .with("handles", (double) growth.handles())
                .with("handles_gained", (double) growth.handlesGained());
    }
}
