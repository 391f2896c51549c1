package io.goodhart.tensor;

import java.io.Serial;

/** A tensor does not have the shape or the type an operation needs: a bug of the caller, found before native code. */
public final class ShapeMismatchException extends IllegalArgumentException {
    @Serial
    private static final long serialVersionUID = 1L;

    public ShapeMismatchException(String message) {
        super(message);
    }
}
