package io.goodhart.domain.spec;

/** Which weights training moves. */
public enum TrainingMode {
    /** A low-rank adapter; the DPO reference is the adapter switched off. */
    LORA,
    /** Every weight. */
    FULL
}
