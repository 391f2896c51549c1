package io.goodhart.domain.spec;

/** What a run's seed may vary, and an interval over seeds therefore counts. */
public enum SeedFactor {
    /** Initialisation, order and dropout of the training, and labels that are drawn at random. */
    TRAINING,
    /** Sampling of candidates and of the responses that an evaluation measures. The fixed texts stay the same. */
    SAMPLING,
    /** The prompts that each probe is fitted on. */
    PROBES
}
