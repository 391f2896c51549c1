package io.goodhart.probing.fit;

/** How much an example of each class counts in a fit. */
public enum ClassWeights {
    /** 1 for every example. */
    EQUAL,
    /** n/(2·n_class): both classes count as much, whatever their sizes. */
    BALANCED
}
