package io.goodhart.domain.report;

import org.jspecify.annotations.Nullable;

/**
 * What a reader must know before believing a number.
 *
 * @param arm the arm it is about; absent: the whole experiment
 */
public record Warning(Code code, @Nullable String arm, String message) {
    /** Kinds of warnings. */
    public enum Code {
        /** Few texts of a class: an AUC has a wide interval. */
        FEW_POSITIVES,
        /** A class is missing: there is no AUC, and none is shown. */
        UNDEFINED_AUC,
        /** Repetition, length, empty responses or perplexity say that a rate may come from broken text. */
        DEGENERATE_TEXT,
        /** One seed: what another training would give is not measured. */
        SINGLE_SEED,
        /** Runs with different seeds gave the same numbers. */
        IDENTICAL_SEEDS,
        /** A probe that was fitted on shuffled labels ranks texts by the true ones: something leaks, or its few examples fell so. */
        CONTROL_PROBE_READS,
        /** No arm shows what the same training does without the probe's signal. */
        NO_CONTROL,
        /** The training of some seeds diverged: nothing was measured of them. */
        DIVERGED,
        /** Pairs or texts were longer than the training's longest sequence and were cut. */
        TRUNCATED,
        /** Something that the report would have shown was not measured. */
        NOT_MEASURED
    }
}
