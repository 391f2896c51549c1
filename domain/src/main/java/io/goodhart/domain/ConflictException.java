package io.goodhart.domain;

/** The state of the resource forbids what was asked. */
public final class ConflictException extends GoodhartException {
    private static final long serialVersionUID = 1L;

    public ConflictException(String message) {
        super("conflict", message);
    }

    public ConflictException(String code, String message) {
        super(code, message);
    }
}
