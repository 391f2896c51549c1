package io.goodhart.domain;

/** Nothing has this name or id. */
public final class NotFoundException extends GoodhartException {
    private static final long serialVersionUID = 1L;

    public NotFoundException(String message) {
        super("not_found", message);
    }

    public NotFoundException(String code, String message) {
        super(code, message);
    }
}
