package io.goodhart.api.problem;

import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;

/** A refusal that only HTTP knows: a body that is too large, an answer that is not there yet. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HttpStatus status;
    private final String code;
    private final String title;
    private final String detail;
    private final transient Map<String, String> headers;

    public ProblemException(HttpStatus status, String code, String title, String detail, Map<String, String> headers) {
        super(code + ": " + detail);
        this.status = status;
        this.code = code;
        this.title = title;
        this.detail = detail;
        this.headers = Map.copyOf(headers);
    }

    public ProblemException(HttpStatus status, String code, String title, String detail) {
        this(status, code, title, detail, Map.of());
    }

    HttpStatus status() {
        return status;
    }

    /** Stable name of the refusal. */
    public String code() {
        return code;
    }

    String title() {
        return title;
    }

    String detail() {
        return detail;
    }

    HttpHeaders headers() {
        HttpHeaders result = new HttpHeaders();
        headers.forEach(result::set);
        return result;
    }
}
