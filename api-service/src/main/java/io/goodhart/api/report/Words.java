package io.goodhart.api.report;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.EvasionReading.Reading;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Verdict.Outcome;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Names of things, for people. */
final class Words {
    private Words() {}

    static String of(ProbeGroup group) {
        return switch (group) {
            case SEEN -> "seen";
            case TRAIN -> "train";
            case HELD_OUT -> "held-out";
            case RETRAINED -> "retrained";
        };
    }

    static String of(TextSet set) {
        return switch (set) {
            case OWN -> "own responses";
            case FIXED -> "fixed texts";
            case LABELLED -> "labelled texts";
            case OWN_ON_BASE -> "own responses, read by the base model";
        };
    }

    static String of(Transfer transfer) {
        return switch (transfer) {
            case FROZEN -> "frozen";
            case RE_STANDARDISED -> "re-standardised";
        };
    }

    static String of(Outcome outcome) {
        return outcome.name().toLowerCase(Locale.ROOT);
    }

    /** A sign beside the word, so that the outcome does not depend on colour. */
    static String sign(Outcome outcome) {
        return switch (outcome) {
            case PRESERVED -> "✓";
            case RECOVERABLE -> "↺";
            case LOST -> "✗";
            case INCONCLUSIVE -> "?";
        };
    }

    static String of(Reading reading) {
        return switch (reading) {
            case DRIFT -> "activations drifted";
            case EVASION -> "texts evade";
            case DRIFT_AND_EVASION -> "both";
            case NEITHER -> "neither";
            case UNDECIDED -> "too few positives";
        };
    }

    /** Marks a difference that holds after correction. */
    static String star(@Nullable Comparison comparison, double level) {
        return comparison != null && comparison.adjustedP() != null && comparison.adjustedP() < 1 - level ? "*" : "";
    }
}
