package io.goodhart.probeservice.refusal;

import io.goodhart.domain.ConflictException;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.probeservice.child.ChildFailedException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.ErrorResponse;

/**
 * What an exception means to the caller; nothing internal is in it.
 *
 * @param status HTTP status
 * @param code stable name of the refusal
 * @param message for people
 * @param problems each thing that is wrong with the request, if that is it
 */
public record Refusal(HttpStatusCode status, String code, String message, List<Problem> problems) {
    private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

    /** A body with this code could not even be read. */
    private static final String UNREADABLE = "malformed_json";

    public Refusal {
        problems = List.copyOf(problems);
    }

    /** What this exception means; one that nobody expects is a bug of the service and is logged. */
    public static Refusal of(Exception failure) {
        return switch (failure) {
            case RefusedException e -> new Refusal(e.status(), e.code(), text(e), List.of());
            case InvalidInputException e -> invalid(e);
            case NotFoundException e -> new Refusal(HttpStatus.NOT_FOUND, e.code(), text(e), List.of());
            case ConflictException e -> new Refusal(HttpStatus.CONFLICT, e.code(), text(e), List.of());
            case ChildFailedException e -> later("scorer_unavailable", text(e));
            case DataAccessResourceFailureException e -> unreachable(e);
            case TransientDataAccessException e -> unreachable(e);
            case CannotCreateTransactionException e -> unreachable(e);
            case ErrorResponse e ->
                new Refusal(e.getStatusCode(), "http_" + e.getStatusCode().value(), detail(e), List.of());
            default -> bug(failure);
        };
    }

    /** Whether the same request may succeed later. */
    public boolean isTemporary() {
        return status.isSameCodeAs(HttpStatus.SERVICE_UNAVAILABLE);
    }

    private static Refusal invalid(InvalidInputException failure) {
        boolean unreadable =
                failure.problems().stream().anyMatch(problem -> problem.code().equals(UNREADABLE));
        HttpStatus status = unreadable ? HttpStatus.BAD_REQUEST : HttpStatus.UNPROCESSABLE_CONTENT;
        int count = failure.problems().size();
        String message = count == 1
                ? failure.problems().getFirst().message()
                : "%d things are wrong with this request; see errors".formatted(count);
        return new Refusal(status, failure.code(), message, failure.problems());
    }

    private static Refusal unreachable(RuntimeException failure) {
        LOG.warn("Answered 503: the database does not answer: {}", failure.getMessage());
        return later("database_unavailable", "The database does not answer; try again shortly");
    }

    private static Refusal later(String code, String message) {
        return new Refusal(HttpStatus.SERVICE_UNAVAILABLE, code, message, List.of());
    }

    private static Refusal bug(Exception failure) {
        LOG.error("A request failed", failure);
        return new Refusal(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "This is a bug of the service; its log has the details",
                List.of());
    }

    private static String text(Exception failure) {
        return String.valueOf(failure.getMessage());
    }

    private static String detail(ErrorResponse failure) {
        String detail = failure.getBody().getDetail();
        return detail == null ? String.valueOf(failure.getBody().getTitle()) : detail;
    }
}
