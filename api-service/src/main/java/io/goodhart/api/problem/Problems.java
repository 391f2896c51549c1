package io.goodhart.api.problem;

import io.goodhart.domain.Problem;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import org.slf4j.MDC;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;

/**
 * Problem documents of RFC 9457 with this API's extensions: {@code code}, which is stable and for programs; {@code errors},
 * one entry per thing that is wrong; {@code trace_id}, where the call is traced.
 */
public final class Problems {
    private static final String TYPE_PREFIX = "/problems/";

    private Problems() {}

    /** A problem of which only the status is known. */
    public static ProblemDetail of(HttpStatusCode status) {
        HttpStatus known = HttpStatus.resolve(status.value());
        String title = known == null ? "Refused" : known.getReasonPhrase();
        String code = known == null ? "http_" + status.value() : known.name().toLowerCase(Locale.ROOT);
        return of(status, code, title, known == HttpStatus.NOT_FOUND ? "Nothing has this path" : title);
    }

    /** A problem of one code. */
    public static ProblemDetail of(HttpStatusCode status, String code, String title, String detail) {
        ProblemDetail document = ProblemDetail.forStatusAndDetail(status, detail);
        document.setType(URI.create(TYPE_PREFIX + code.replace('_', '-')));
        document.setTitle(title);
        document.setProperty("code", code);
        String traceId = MDC.get("traceId");
        if (traceId != null) {
            document.setProperty("trace_id", traceId);
        }
        return document;
    }

    /** A problem with everything that is wrong with the request. */
    public static ProblemDetail of(
            HttpStatusCode status, String code, String title, String detail, List<Problem> errors) {
        ProblemDetail document = of(status, code, title, detail);
        document.setProperty("errors", List.copyOf(errors));
        return document;
    }
}
