package io.goodhart.probeservice.oip;

/** A request that does not follow the protocol or does not fit the probe; the message says how. */
final class BadRequestException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    BadRequestException(String message) {
        super(message);
        this.code = "bad_request";
    }

    BadRequestException(String message, Throwable cause) {
        super(message, cause);
        this.code = "bad_request";
    }

    private BadRequestException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** The input is sound and does not fit the probe. */
    static BadRequestException misfit(String message) {
        return new BadRequestException("wrong_shape", message);
    }

    /** Stable name of the refusal. */
    String code() {
        return code;
    }
}
