package io.goodhart.probeservice.oip;

/** A request that does not follow the protocol or does not fit the probe; the message says how. */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadRequestException(String message) {
        super(message);
    }

    BadRequestException(String message, Throwable cause) {
        super(message, cause);
    }
}
