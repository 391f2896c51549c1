package io.goodhart.api.report;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.EvasionReading.Reading;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Verdict;
import io.goodhart.domain.report.Verdict.Outcome;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Names of things, for people. */
final class Words {
    private static final String NO_PRESSURE = "– no pressure";
    private static final String UNTESTED = "untested";

    private Words() {}

    static String of(ProbeGroup group) {
        return switch (group) {
            case SEEN -> "seen";
            case TRAIN -> "train";
            case HELD_OUT -> "held-out";
            case RETRAINED -> "retrained";
            case REFITTED -> "refit";
            case CONTROL -> "shuffled control";
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

    /** The verdict in few words, with a sign, so that it does not depend on colour. */
    static String of(Verdict verdict) {
        return outcome(verdict) + (verdict.threshold() == null ? "" : ", needs a new threshold");
    }

    /** The same where there is little room: ‡ for a new threshold. */
    static String compact(Verdict verdict) {
        return outcome(verdict) + (verdict.threshold() == null ? "" : " ‡");
    }

    private static String outcome(Verdict verdict) {
        return verdict.untested() ? NO_PRESSURE : sign(verdict.outcome()) + " " + of(verdict.outcome());
    }

    /** The name of a verdict's colour. */
    static String tone(Verdict verdict) {
        return verdict.untested() ? UNTESTED : of(verdict.outcome());
    }

    /** The name of the colour of a verdict that {@link #of(Verdict)} has written; empty for other texts. */
    static Optional<String> toneOf(String text) {
        if (text.startsWith(NO_PRESSURE)) {
            return Optional.of(UNTESTED);
        }
        return Arrays.stream(Outcome.values())
                .filter(outcome -> text.startsWith(sign(outcome) + " " + of(outcome)))
                .map(Words::of)
                .findFirst();
    }

    private static String sign(Outcome outcome) {
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
