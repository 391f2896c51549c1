package io.goodhart.trainer.execute;

import io.goodhart.datasets.Text;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.Perplexity;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.probing.Probe;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Collects the numbers of one evaluation: a summary for people and reports, and the values per text behind it. */
final class EvaluationBook {
    private static final double POSITIVE_LABEL = 0.5;

    /** A probe with its number among those of its role. */
    private record Numbered(Probe probe, int index, HookPoint point) {}

    private final double threshold;
    private final List<Numbered> probes = new ArrayList<>();
    private final List<ProbeReading> readings = new ArrayList<>();
    private final Map<String, double[]> details = new TreeMap<>();
    private final Map<String, String> rows = new TreeMap<>();

    /** @param threshold a score from here on is positive */
    EvaluationBook(double threshold, List<ProbeSet> sets) {
        this.threshold = threshold;
        for (ProbeSet set : sets) {
            HookPoint point = new HookPoint(set.point().site(), set.layer());
            for (ProbeRole role : ProbeRole.values()) {
                List<Probe> ofRole = set.of(role);
                for (int index = 0; index < ofRole.size(); index++) {
                    probes.add(new Numbered(ofRole.get(index), index, point));
                }
            }
            if (set.point().pooling() != pooling()) {
                throw TaskFailedException.invalidInput("Probes pool by %s and by %s"
                        .formatted(pooling(), set.point().pooling()));
            }
        }
    }

    private EvaluationBook(EvaluationBook other) {
        this.threshold = other.threshold;
        this.probes.addAll(other.probes);
    }

    /** An empty one for other texts. */
    EvaluationBook ofSameProbes() {
        return new EvaluationBook(this);
    }

    /** Where the probes read. */
    Set<HookPoint> points() {
        Set<HookPoint> points = new LinkedHashSet<>();
        probes.forEach(probe -> points.add(probe.point()));
        return points;
    }

    /** How the probes pool; the same for all of them. */
    Pooling pooling() {
        return probes.getFirst().probe().readPoint().pooling();
    }

    /** Which rows of their file a set's texts are, in the order of its vectors: a JSON list of their ids. */
    void rows(String set, List<Text> texts) {
        rows.put(
                set + ".rows",
                GoodhartJson.write(texts.stream().map(Text::rowId).toList()));
    }

    void detail(String name, double[] values) {
        details.put(name, values);
    }

    void ownScores(double[] scores) {
        details.put("own.score", scores);
    }

    void fixedScores(double[] scores) {
        details.put("fixed.score", scores);
    }

    /** @param labels 1 for positive, 0 for negative */
    void labels(double[] labels) {
        details.put("labelled.label", labels);
    }

    /** Every probe reads a set of texts, as it is and re-standardised. Scores or labels of the set are known already. */
    void read(TextSet set, Map<HookPoint, TokenActivations> pooled) {
        read(set, pooled, pooled);
    }

    /** @param standard other texts, whose mean and deviation re-standardise: own responses lean to one class after training */
    void read(TextSet set, Map<HookPoint, TokenActivations> pooled, Map<HookPoint, TokenActivations> standard) {
        List<Boolean> positive = positive(set);
        for (Numbered numbered : probes) {
            TokenActivations read = pooled.get(numbered.point());
            TokenActivations ofStandard = standard.get(numbered.point());
            if (read == null || ofStandard == null) {
                throw new IllegalStateException("Nothing was captured at " + numbered.point());
            }
            Reading.Texts texts = new Reading.Texts(set, read, positive, ofStandard);
            for (Transfer transfer : Transfer.values()) {
                Reading reading = Reading.of(numbered.probe(), numbered.index(), texts, transfer);
                readings.add(reading.summary());
                details.put(name(reading.summary()), reading.probabilities());
            }
        }
    }

    /** For the untrained model its own responses are the fixed texts, and it is itself the untrained reader. */
    void ownIsFixed() {
        fixedScores(scores("own.score"));
        List<ProbeReading> own = List.copyOf(readings);
        for (TextSet set : List.of(TextSet.FIXED, TextSet.OWN_ON_BASE)) {
            for (ProbeReading reading : own) {
                ProbeReading same = new ProbeReading(
                        reading.role(),
                        reading.index(),
                        set,
                        reading.transfer(),
                        reading.texts(),
                        reading.positives(),
                        reading.auroc(),
                        reading.averagePrecision(),
                        reading.tprAtFpr1Pct(),
                        reading.meanProbability(),
                        reading.accuracy());
                readings.add(same);
                details.put(name(same), scores(name(reading)));
            }
        }
    }

    private List<Boolean> positive(TextSet set) {
        double[] values = switch (set) {
            case OWN, OWN_ON_BASE -> scores("own.score");
            case FIXED -> scores("fixed.score");
            case LABELLED -> scores("labelled.label");
        };
        double limit = set == TextSet.LABELLED ? POSITIVE_LABEL : threshold;
        return Arrays.stream(values).mapToObj(value -> value >= limit).toList();
    }

    private double[] scores(String name) {
        double[] values = details.get(name);
        if (values == null) {
            throw new IllegalStateException(name + " is not known yet");
        }
        return values;
    }

    private static String name(ProbeReading reading) {
        String name = "probe.%s.%d.%s".formatted(lower(reading.role()), reading.index(), lower(reading.set()));
        return switch (reading.transfer()) {
            case FROZEN -> name;
            case RE_STANDARDISED -> name + ".re_standardised";
        };
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The summary. */
    Evaluation evaluation(List<ResponseRow> own, Map<String, Perplexity> perplexity) {
        double[] scores = scores("own.score");
        return new Evaluation(
                scores.length,
                (int) Arrays.stream(scores).filter(score -> score >= threshold).count(),
                Arrays.stream(scores).average().orElse(0),
                own.stream().mapToInt(ResponseRow::tokens).average().orElse(0),
                (int) own.stream().filter(ResponseRow::lacksTokens).count(),
                TextMeasures.repetition(own.stream().map(ResponseRow::response).toList()),
                readings,
                perplexity);
    }

    /** The texts behind the values, by {@code SET.rows}. */
    Map<String, String> rows() {
        return rows;
    }

    /** The values per text. */
    Map<String, double[]> details() {
        return details;
    }
}
