package io.goodhart.domain.validate;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.domain.spec.ProbeSpec.Kind;
import io.goodhart.domain.spec.ProbeTextSpec;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Rules about probes: their numbers, their kind and how they read. */
final class ProbeRules {
    /** More than any model has. */
    private static final int MAX_LAYERS = 1000;

    private final ProbeSpec probes;
    private final Problems problems;

    private ProbeRules(ProbeSpec probes, Problems problems) {
        this.probes = probes;
        this.problems = problems;
    }

    static void check(ProbeSpec probes, Problems problems) {
        ProbeRules rules = new ProbeRules(probes, problems);
        rules.checkNumbers();
        rules.checkLayers();
        rules.checkKind();
        rules.checkReading();
        rules.checkLabelledTexts();
    }

    private void checkNumbers() {
        problems.positive(probes.c(), "probes.c");
        problems.within(probes.examples(), 10, Problems.MANY, "probes.examples");
        problems.within(probes.calibration(), 2, Problems.MANY, "probes.calibration");
        problems.within(probes.samples(), 1, 1000, "probes.samples_per_prompt");
        problems.within(probes.train(), 1, 1000, "probes.train");
        problems.within(probes.heldOut(), 0, 1000, "probes.held_out");
        problems.within(probes.retrained(), 0, 1000, "probes.retrained");
        problems.require(
                probes.permuted() >= 0 && probes.permuted() <= probes.train(),
                "probes.permuted",
                "Controls read the texts of training probes: must lie in 0 to %d (probes.train), got %d"
                        .formatted(probes.train(), probes.permuted()));
        ProbeSpec.ThresholdRule rule = probes.threshold();
        if (rule != null) {
            problems.require(
                    rule.fpr() > 0 && rule.fpr() < 1,
                    "probes.threshold.fpr",
                    "Must lie strictly between 0 and 1, got " + rule.fpr());
        }
    }

    private void checkLayers() {
        if (!probes.layer().equals(ProbeSpec.BEST) && !probes.layer().matches("[0-9]{1,6}")) {
            problems.add("wrong_type", "probes.layer", "Must be 'best' or a layer's number, got " + probes.layer());
        }
        if (probes.site() == Site.FINAL_NORM) {
            problems.contradiction(
                    !probes.layer().equals(ProbeSpec.BEST), "probes.layer", "final_norm has no layer: leave it out");
            problems.contradiction(probes.layers() != null, "probes.layers", "final_norm has no layers to try");
            return;
        }
        problems.contradiction(
                probes.layers() != null && !probes.layer().equals(ProbeSpec.BEST),
                "probes.layers",
                "Only a sweep (layer: best) has layers to try");
        if (probes.layers() != null) {
            int named = probes.layers().size();
            problems.require(
                    named >= 1 && named <= MAX_LAYERS,
                    "probes.layers",
                    "Name 1 to %d layers, or leave the field out for all; got %d".formatted(MAX_LAYERS, named));
        }
    }

    private void checkKind() {
        checkSize(probes.heads(), Kind.ATTENTION, 64, "probes.heads");
        checkSize(probes.hidden(), Kind.MLP, 4096, "probes.hidden");
        checkSize(probes.directions(), Kind.SUBSPACE, 64, "probes.directions");
        problems.contradiction(
                probes.kind() == Kind.MEAN_DIFFERENCE && probes.classWeights() != ClassWeights.NONE,
                "probes.class_weights",
                "A difference of means weighs both classes alike: leave it out");
    }

    private void checkSize(@Nullable Integer size, Kind owner, int most, String field) {
        if (size != null) {
            problems.contradiction(probes.kind() != owner, field, "Only kind %s has it".formatted(name(owner)));
            problems.within(size, 1, most, field);
        }
    }

    private void checkReading() {
        boolean tokens = probes.pooling() == Pooling.PER_TOKEN;
        problems.contradiction(
                probes.kind().readsTokens() && !tokens,
                "probes.pooling",
                "Kind %s reads tokens: use per_token, or leave pooling out".formatted(name(probes.kind())));
        Aggregation aggregation = probes.aggregation();
        if (aggregation == null || (probes.kind().readsTokens() && !tokens)) {
            return;
        }
        problems.contradiction(
                !tokens, "probes.aggregation", "Only scores of tokens (pooling: per_token) are aggregated");
        if (probes.kind() == Kind.ATTENTION) {
            problems.contradiction(
                    aggregation != Aggregation.ATTENTION && aggregation != Aggregation.MULTIMAX,
                    "probes.aggregation",
                    "An attention probe is scored by attention or multimax, not by " + name(aggregation));
        } else {
            problems.contradiction(
                    aggregation == Aggregation.ATTENTION,
                    "probes.aggregation",
                    "Only kind attention attends to tokens; the others have mean, max, last, ema_max, rolling_mean_max and multimax");
        }
    }

    private void checkLabelledTexts() {
        ProbeTextSpec texts = probes.labelledTexts();
        if (texts == null) {
            return;
        }
        problems.contradiction(
                probes.samplesPerPrompt() != null,
                "probes.samples_per_prompt",
                "Probes are fitted on labelled texts, and nothing is sampled for them: leave it out");
        problems.contradiction(
                probes.responses() != null,
                "probes.responses",
                "Probes are fitted on labelled texts, and nothing is sampled for them: leave it out");
        LabelRules.check(texts.rule(), "probes.labelled_texts", problems);
        FilterRules.check(texts.where(), "probes.labelled_texts.where", problems);
        if (texts.balanced()) {
            checkEven(probes.examples(), "probes.examples");
            checkEven(probes.calibration(), "probes.calibration");
        }
    }

    private void checkEven(int number, String field) {
        problems.require(
                number % 2 == 0,
                field,
                "Balanced texts are half positive and half negative: must be even, got " + number);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
