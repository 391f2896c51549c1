package io.goodhart.lm.generate;

/** The model's scores of the next token are not finite: nothing can be drawn from them. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DivergedException(String message) {
        super(message);
    }
}
