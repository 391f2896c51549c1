package io.goodhart.domain.report;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The numbers per text behind a final evaluation, by the names of the {@code details} artifact: {@code own.score} [N],
 * {@code fixed.score} [M], {@code labelled.label} [K], {@code probe.ROLE.I.SET} with or without {@code .re_standardised},
 * {@code corpus.NAME.nll}, {@code corpus.NAME.tokens}.
 */
public final class RunDetails {
    private static final Pattern PROBE = Pattern.compile("probe\\.(\\w+)\\.(\\d+)\\..*");

    private final Map<String, double[]> arrays;
    private final Map<ProbeRole, List<Integer>> indices = new EnumMap<>(ProbeRole.class);

    private RunDetails(Map<String, double[]> arrays) {
        this.arrays = arrays;
        for (ProbeRole role : ProbeRole.values()) {
            indices.put(role, indices(arrays.keySet(), role));
        }
    }

    /** Copies the arrays. */
    public static RunDetails of(Map<String, double[]> arrays) {
        Map<String, double[]> copies = new TreeMap<>();
        arrays.forEach((name, values) -> copies.put(name, values.clone()));
        return new RunDetails(copies);
    }

    public Set<String> names() {
        return Collections.unmodifiableSet(arrays.keySet());
    }

    /** A vector by its name; a copy. */
    public Optional<double[]> array(String name) {
        return Optional.ofNullable(arrays.get(name)).map(double[]::clone);
    }

    /** Scores of the run's own responses. */
    public double[] ownScores() {
        return array("own.score").orElse(new double[0]);
    }

    /** Which texts of a set are positive; empty if the set was not read. */
    public Optional<boolean[]> labels(TextSet set, double threshold) {
        return switch (set) {
            case OWN, OWN_ON_BASE -> array("own.score").map(scores -> atLeast(scores, threshold));
            case FIXED -> array("fixed.score").map(scores -> atLeast(scores, threshold));
            case LABELLED -> array("labelled.label").map(labels -> atLeast(labels, 0.5));
        };
    }

    /** Probabilities of one probe, NaN for texts without tokens. */
    public Optional<double[]> probabilities(ProbeRole role, int index, TextSet set, Transfer transfer) {
        String name = "probe.%s.%d.%s".formatted(wireName(role), index, wireName(set));
        return array(transfer == Transfer.FROZEN ? name : name + "." + wireName(transfer));
    }

    /** Indices of the probes with a role. */
    public List<Integer> indices(ProbeRole role) {
        return Objects.requireNonNull(indices.get(role));
    }

    private static List<Integer> indices(Set<String> names, ProbeRole role) {
        return names.stream()
                .map(PROBE::matcher)
                .filter(matcher -> matcher.matches() && matcher.group(1).equals(wireName(role)))
                .map(matcher -> Integer.valueOf(matcher.group(2)))
                .distinct()
                .sorted()
                .toList();
    }

    /** Whether every number is the same, NaN equal to NaN. */
    public boolean sameAs(RunDetails other) {
        return arrays.keySet().equals(other.arrays.keySet())
                && arrays.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), other.arrays.get(entry.getKey())));
    }

    /** These, with the own texts as the fixed ones where no fixed ones were read: the baseline's own texts are everybody's fixed. */
    public RunDetails withOwnAsFixed() {
        Map<String, double[]> all = new TreeMap<>(arrays);
        arrays.forEach((name, values) -> {
            if (name.equals("own.score")) {
                all.putIfAbsent("fixed.score", values);
            } else if (name.startsWith("probe.")) {
                all.putIfAbsent(name.replaceFirst("\\.own(?=$|\\.re_standardised$)", ".fixed"), values);
            }
        });
        return new RunDetails(all);
    }

    private static boolean[] atLeast(double[] scores, double threshold) {
        boolean[] labels = new boolean[scores.length];
        for (int i = 0; i < scores.length; i++) {
            labels[i] = scores[i] >= threshold;
        }
        return labels;
    }

    private static String wireName(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
