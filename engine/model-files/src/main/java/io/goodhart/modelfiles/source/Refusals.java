package io.goodhart.modelfiles.source;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;

/** What can be wrong with a source, with stable codes. */
final class Refusals {
    private static final String FIELD = "source";

    private Refusals() {}

    static InvalidInputException of(String code, String message) {
        return new InvalidInputException(new Problem(code, FIELD, message));
    }

    /** By the status of an answer that is not what was asked for. */
    static InvalidInputException status(int status, String what) {
        return switch (status) {
            case 401, 403 ->
                of(
                        "hub_not_authorized",
                        "The Hub refuses %s (%d): a token is missing, wrong, or has not been granted access"
                                .formatted(what, status));
            case 404 -> of("hub_not_found", "The Hub has no " + what);
            case 429 -> of("hub_rate_limited", "The Hub answers 429 for %s: too many requests".formatted(what));
            default -> of("hub_unavailable", "The Hub answers %d for %s".formatted(status, what));
        };
    }

    static InvalidInputException unreachable(String what, Throwable cause) {
        InvalidInputException refusal = of(
                "hub_unavailable",
                "The Hub cannot be reached for %s (%s)"
                        .formatted(what, cause.getClass().getSimpleName()));
        refusal.initCause(cause);
        return refusal;
    }
}
