package io.goodhart.domain;

/** An expected refusal with a stable code. */
public abstract sealed class GoodhartException extends RuntimeException
        permits InvalidInputException, NotFoundException, ConflictException, LeaseLostException {
    private static final long serialVersionUID = 1L;

    private final String code;

    protected GoodhartException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** Stable name of the refusal. */
    public String code() {
        return code;
    }
}
