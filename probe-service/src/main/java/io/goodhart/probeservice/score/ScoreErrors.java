package io.goodhart.probeservice.score;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.probeservice.refusal.Refusal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Refusals of requests for scores as problem documents of RFC 9457, with {@code code} and {@code errors}. */
@RestControllerAdvice(assignableTypes = ScoreController.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class ScoreErrors {
    @ExceptionHandler(Exception.class)
    ResponseEntity<byte[]> onFailure(Exception failure, HttpServletRequest request) {
        Refusal refusal = Refusal.of(failure);
        HttpStatus status = HttpStatus.resolve(refusal.status().value());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("type", "/problems/" + refusal.code().replace('_', '-'));
        document.put("title", status == null ? "Refused" : status.getReasonPhrase());
        document.put("status", refusal.status().value());
        document.put("detail", refusal.message());
        document.put("instance", request.getRequestURI());
        document.put("code", refusal.code());
        if (!refusal.problems().isEmpty()) {
            document.put("errors", refusal.problems());
        }
        HttpHeaders headers = new HttpHeaders();
        headers.setContentType(MediaType.APPLICATION_PROBLEM_JSON);
        if (refusal.isTemporary()) {
            headers.set(HttpHeaders.RETRY_AFTER, "5");
        }
        if (HttpStatus.CONFLICT.equals(status)) {
            headers.set("X-Should-Retry", "false"); // or clients made like OpenAI's would
        }
        return ResponseEntity.status(refusal.status())
                .headers(headers)
                .body(GoodhartJson.mapper().writeValueAsBytes(document));
    }
}
