package io.goodhart.domain.spec;

/** How the learning rate moves after warm-up; transformers' names. */
public enum LrScheduler {
    LINEAR,
    COSINE,
    CONSTANT
}
