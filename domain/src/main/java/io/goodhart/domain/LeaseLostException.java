package io.goodhart.domain;

/** A write named a fence that is no longer the task's: another worker owns it, or it has ended. */
public final class LeaseLostException extends GoodhartException {
    private static final long serialVersionUID = 1L;

    public LeaseLostException(String message) {
        super("lease_lost", message);
    }
}
