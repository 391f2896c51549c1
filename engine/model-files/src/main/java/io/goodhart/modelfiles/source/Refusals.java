package io.goodhart.modelfiles.source;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What can be wrong with a source, with stable codes. */
final class Refusals {
    private static final String FIELD = "source";
    private static final String UNAVAILABLE = "hub_unavailable";
    private static final String RATE_LIMITED = "hub_rate_limited";
    private static final String DISK_FULL = "disk_full";

    private Refusals() {}

    static InvalidInputException of(String code, String message) {
        return new InvalidInputException(new Problem(code, FIELD, message));
    }

    /** By the status of an answer that is not what was asked for. */
    static InvalidInputException status(int status, String what, Optional<Duration> wait) {
        String later = wait.filter(Duration::isPositive)
                .map(duration -> "Register it again after %d seconds".formatted(duration.toSeconds()))
                .orElse("Register it again later");
        return switch (status) {
            case 401, 403 ->
                of(
                        "hub_not_authorized",
                        "The Hub refuses %s (%d): goodhart.models.hub.token is missing, wrong, or has not been granted access"
                                .formatted(what, status));
            case 404 -> of("hub_not_found", "The Hub has no " + what);
            case 429 -> of(RATE_LIMITED, "The Hub answers 429 for %s: too many requests. %s".formatted(what, later));
            default -> of(UNAVAILABLE, "The Hub answers %d for %s. %s".formatted(status, what, later));
        };
    }

    static InvalidInputException diskFull(long needed, long usable) {
        return of(
                DISK_FULL,
                "The model needs %d more bytes, and the disk of the model cache has %d".formatted(needed, usable));
    }

    /** Whether what was refused may be had later, so that what is here of it is worth keeping. */
    static boolean mayPass(InvalidInputException refusal) {
        return Set.of(UNAVAILABLE, RATE_LIMITED, DISK_FULL).contains(refusal.code());
    }

    private static String reason(Throwable cause) {
        String name = cause.getClass().getSimpleName();
        return Stream.iterate(cause, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .reduce((_, deepest) -> deepest)
                .map(message -> name + ": " + message)
                .orElse(name);
    }

    static InvalidInputException unreachable(String what, Throwable cause) {
        InvalidInputException refusal = of(
                UNAVAILABLE,
                "The Hub cannot be reached for %s (%s). Register it again later, or see goodhart.models.hub.endpoint"
                        .formatted(what, reason(cause)));
        refusal.initCause(cause);
        return refusal;
    }
}
