package io.goodhart.api.problem;

import io.goodhart.domain.ConflictException;
import io.goodhart.domain.GoodhartException;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.BeanInstantiationException;
import org.springframework.beans.TypeMismatchException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.validation.method.ParameterValidationResult;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/** Turns every exception that leaves a controller into a problem document; nothing internal is ever written. */
@RestControllerAdvice
@Order(Ordered.LOWEST_PRECEDENCE)
class ProblemAdvice extends ResponseEntityExceptionHandler {
    /** Understood by the retrying clients that OpenAI's SDKs made common; they would retry a 409 otherwise. */
    private static final String SHOULD_RETRY = "X-Should-Retry";

    /** The one conflict that HTTP's idempotency keys answer with 422. */
    private static final String KEY_REUSED = "idempotency_key_reused";

    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

    /** A body with these codes could not even be read; with any other it was read and refused. */
    private static final Set<String> UNREADABLE = Set.of("malformed_json", "malformed_yaml", "empty_body");

    @ExceptionHandler
    ResponseEntity<ProblemDetail> onGoodhartException(GoodhartException e, ServletWebRequest request) {
        return switch (e) {
            case InvalidInputException invalid -> refused(invalid, request);
            case NotFoundException missing ->
                answer(request, message(HttpStatus.NOT_FOUND, missing, "Not found"), new HttpHeaders());
            case ConflictException conflict -> conflict(conflict, request);
            case LeaseLostException lost ->
                answer(request, message(HttpStatus.CONFLICT, lost, "Lease lost"), doNotRetry());
        };
    }

    /** A form's record refuses in its constructor what cannot be; Spring wraps that. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> onRefusedForm(BeanInstantiationException e, ServletWebRequest request) {
        return e.getCause() instanceof InvalidInputException invalid
                ? refused(invalid, request)
                : onAnythingElse(e, request);
    }

    private static ResponseEntity<ProblemDetail> conflict(ConflictException e, ServletWebRequest request) {
        HttpStatus status = e.code().equals(KEY_REUSED) ? HttpStatus.UNPROCESSABLE_CONTENT : HttpStatus.CONFLICT;
        return answer(request, message(status, e, "Conflict"), doNotRetry());
    }

    private static ProblemDetail message(HttpStatus status, GoodhartException e, String title) {
        return Problems.of(status, e.code(), title, String.valueOf(e.getMessage()));
    }

    private static ResponseEntity<ProblemDetail> refused(InvalidInputException e, ServletWebRequest request) {
        boolean unreadable = e.problems().stream().anyMatch(problem -> UNREADABLE.contains(problem.code()));
        HttpStatus status = unreadable ? HttpStatus.BAD_REQUEST : HttpStatus.UNPROCESSABLE_CONTENT;
        int count = e.problems().size();
        String detail = count == 1
                ? e.problems().getFirst().message()
                : "%d things are wrong with this request; see errors".formatted(count);
        ProblemDetail document = Problems.of(status, e.code(), "Invalid input", detail, e.problems());
        return answer(request, document, new HttpHeaders());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> onProblemException(ProblemException e, ServletWebRequest request) {
        return answer(request, Problems.of(e.status(), e.code(), e.title(), e.detail()), e.headers());
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> onMalformedParameters(InvalidParameterException e, ServletWebRequest request) {
        ProblemDetail document = Problems.of(
                HttpStatus.BAD_REQUEST, "malformed_query", "Invalid input", "The parameters cannot be decoded");
        return answer(request, document, new HttpHeaders());
    }

    @ExceptionHandler({
        DataAccessResourceFailureException.class,
        TransientDataAccessException.class,
        CannotCreateTransactionException.class
    })
    ResponseEntity<ProblemDetail> onUnreachableDatabase(Exception e, ServletWebRequest request) {
        LOG.warn("Answered 503: the database does not answer: {}", e.getMessage());
        HttpHeaders headers = new HttpHeaders();
        headers.set(HttpHeaders.RETRY_AFTER, "5");
        ProblemDetail document = Problems.of(
                HttpStatus.SERVICE_UNAVAILABLE,
                "database_unavailable",
                "Temporarily unavailable",
                "The database does not answer; try again shortly");
        return answer(request, document, headers);
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<ProblemDetail> onAnythingElse(Exception e, ServletWebRequest request) {
        LOG.error(
                "{} {} failed",
                request.getRequest().getMethod(),
                request.getRequest().getRequestURI(),
                e);
        ProblemDetail document = Problems.of(
                HttpStatus.INTERNAL_SERVER_ERROR,
                "internal",
                "Internal error",
                "This is a bug of the service; its log has the details");
        return answer(request, document, new HttpHeaders());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleTypeMismatch(
            TypeMismatchException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        String name = e instanceof MethodArgumentTypeMismatchException argument
                ? argument.getName()
                : String.valueOf(e.getPropertyName());
        Problem problem =
                new Problem("wrong_type", name, "Cannot read '%s' as %s".formatted(e.getValue(), expected(e)));
        return handleExceptionInternal(e, invalid(status, problem), headers, status, request);
    }

    private static String expected(TypeMismatchException e) {
        Class<?> type = e.getRequiredType();
        return type == null ? "the required type" : type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleMissingServletRequestParameter(
            MissingServletRequestParameterException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Problem problem = new Problem("missing_field", e.getParameterName(), "This parameter is required");
        return handleExceptionInternal(e, invalid(status, problem), headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
            HandlerMethodValidationException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        List<Problem> problems = new ArrayList<>();
        for (ParameterValidationResult result : e.getParameterValidationResults()) {
            String field = result.getMethodParameter().getParameterName();
            result.getResolvableErrors()
                    .forEach(error -> problems.add(
                            new Problem("out_of_range", field, String.valueOf(error.getDefaultMessage()))));
        }
        ProblemDetail document =
                Problems.of(status, "out_of_range", "Invalid input", "A parameter is out of range", problems);
        return handleExceptionInternal(e, document, headers, status, request);
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        Problem problem = new Problem("empty_body", null, "The request needs a readable body");
        return handleExceptionInternal(e, invalid(status, problem), headers, status, request);
    }

    private static ProblemDetail invalid(HttpStatusCode status, Problem problem) {
        return Problems.of(status, problem.code(), "Invalid input", problem.message(), List.of(problem));
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ProblemDetail document =
                body instanceof ProblemDetail known && hasCode(known) ? known : withDetail(status, body);
        if (request instanceof ServletWebRequest servlet) {
            document.setInstance(URI.create(servlet.getRequest().getRequestURI()));
        }
        HttpHeaders withType = new HttpHeaders();
        withType.putAll(headers);
        withType.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        return super.handleExceptionInternal(e, document, withType, status, request);
    }

    private static boolean hasCode(ProblemDetail document) {
        return document.getProperties() != null && document.getProperties().containsKey("code");
    }

    private static ProblemDetail withDetail(HttpStatusCode status, @Nullable Object body) {
        ProblemDetail document = Problems.of(status);
        @Nullable String detail = body instanceof ProblemDetail spring ? spring.getDetail() : null;
        if (detail != null && status.value() != HttpStatus.NOT_FOUND.value()) {
            document.setDetail(detail);
        }
        return document;
    }

    private static HttpHeaders doNotRetry() {
        HttpHeaders headers = new HttpHeaders();
        headers.set(SHOULD_RETRY, "false");
        return headers;
    }

    private static ResponseEntity<ProblemDetail> answer(
            ServletWebRequest request, ProblemDetail document, HttpHeaders headers) {
        document.setInstance(URI.create(request.getRequest().getRequestURI()));
        return ResponseEntity.status(document.getStatus())
                .headers(headers)
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .body(document);
    }
}
