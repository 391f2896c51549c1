package io.goodhart.benchmarks.measure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Prints what is measured, a line of JSON for each repetition, and takes turns with another process: where there is somebody to
 * wait for, every case and every repetition starts when a line comes in. Thus two programs are measured one repetition after
 * the other on the same machine, and their ratio is taken within each pair.
 */
public final class Recorder {
    private final PrintStream out;
    private final Optional<BufferedReader> turns;
    private final int repeats;
    private final double warmUpSeconds;
    private final List<Sample> all = new ArrayList<>();

    /**
     * Makes one.
     *
     * @param turns where lines come in that give this process the turn; empty to run through
     * @param repeats measured repetitions of every case
     * @param warmUpSeconds every case runs unmeasured for this long, and at least once: the compiler needs it
     */
    public Recorder(PrintStream out, Optional<BufferedReader> turns, int repeats, double warmUpSeconds) {
        this.out = out;
        this.turns = turns;
        this.repeats = repeats;
        this.warmUpSeconds = warmUpSeconds;
    }

    /** Measured repetitions of every case. */
    public int repeats() {
        return repeats;
    }

    /** Everything recorded so far. */
    public List<Sample> samples() {
        return List.copyOf(all);
    }

    /** Whether a warm-up that has run since {@code start} is enough. */
    public boolean isWarm(Lap.Start start) {
        return start.stop().wallSeconds() >= warmUpSeconds;
    }

    /** Measures a case: {@code work} until it is warm, then as often as asked for. */
    public void measure(String name, Supplier<Sample> work) {
        begin();
        Lap.Start warmUp = Lap.start();
        do {
            Sample _ = work.get();
        } while (!isWarm(warmUp));
        ready(name);
        List<Sample> samples = new ArrayList<>();
        for (int repeat = 0; repeat < repeats; repeat++) {
            awaitTurn();
            samples.add(work.get());
            record(name, repeat, samples.getLast());
        }
        summarise(name, samples);
    }

    /** Waits until a case may warm up. */
    public void begin() {
        awaitTurn();
    }

    /** Tells that a case is warm. */
    public void ready(String name) {
        out.printf("{\"ready\": \"%s\"}%n", name);
        out.flush();
    }

    /** Waits for the turn. */
    public void awaitTurn() {
        if (turns.isEmpty()) {
            return;
        }
        try {
            if (turns.get().readLine() == null) {
                throw new IllegalStateException("The other side has gone");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Prints something that is not measured. */
    public void note(String text) {
        out.println(text);
        out.flush();
    }

    /** Prints a repetition. */
    public void record(String name, int repeat, Sample sample) {
        all.add(sample);
        StringBuilder line = new StringBuilder("{\"case\": \"%s\", \"repeat\": %d".formatted(name, repeat));
        line.append(number("wall_s", sample.lap().wallSeconds()));
        line.append(number("cpu_s", sample.lap().cpuSeconds()));
        line.append(", \"unit\": \"%s\"".formatted(sample.unit()));
        line.append(number("amount", sample.amount()));
        for (Map.Entry<String, Double> figure : sample.figures().entrySet()) {
            line.append(number(figure.getKey(), figure.getValue()));
        }
        out.println(line.append('}'));
        out.flush();
    }

    private static String number(String name, double value) {
        return ", \"%s\": %s".formatted(name, Double.isFinite(value) ? Double.toString(value) : "null");
    }

    /** Prints medians and spread of a case. */
    public void summarise(String name, List<Sample> samples) {
        if (samples.isEmpty()) {
            return;
        }
        String unit = samples.getFirst().unit();
        List<String> parts = new ArrayList<>();
        parts.add("%s %s/s".formatted(spread(samples, Sample::rate), unit));
        parts.add("%s %s/cpu-s".formatted(spread(samples, Sample::cpuRate), unit));
        for (String figure : samples.getFirst().figures().keySet()) {
            parts.add(figure + " " + spread(samples, sample -> sample.figures().getOrDefault(figure, Double.NaN)));
        }
        out.printf("# %-34s %s%n", name, String.join("; ", parts));
        out.flush();
    }

    private interface Reading {
        double of(Sample sample);
    }

    /** Median and range. */
    private static String spread(List<Sample> samples, Reading reading) {
        List<Double> sorted =
                samples.stream().map(reading::of).sorted().collect(Collectors.toCollection(ArrayList::new));
        double median = (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
        return String.format(Locale.ROOT, "%.4g [%.4g..%.4g]", median, sorted.getFirst(), sorted.getLast());
    }
}
