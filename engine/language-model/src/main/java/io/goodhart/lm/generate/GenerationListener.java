package io.goodhart.lm.generate;

/** Watches a generation. */
public interface GenerationListener {
    /** Watches nothing. */
    GenerationListener NONE = new GenerationListener() {};

    /**
     * After each step.
     *
     * @param progress how far it is
     */
    default void onStep(Progress progress) {}

    /** Whether to stop; asked before each step. */
    default boolean isCancelled() {
        return false;
    }

    /**
     * How far a generation is.
     *
     * @param finished responses that are complete
     * @param total responses that were asked for
     * @param tokens tokens drawn so far
     */
    record Progress(int finished, int total, long tokens) {}
}
