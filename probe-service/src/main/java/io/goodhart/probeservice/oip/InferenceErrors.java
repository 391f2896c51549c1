package io.goodhart.probeservice.oip;

import io.goodhart.probeservice.refusal.Refusal;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Errors as the protocol wants them, whatever went wrong: an object with {@code error}, and with our {@code code} beside it. */
@RestControllerAdvice(assignableTypes = InferenceController.class)
@Order(Ordered.HIGHEST_PRECEDENCE)
class InferenceErrors {
    @ExceptionHandler
    ResponseEntity<byte[]> onBadRequest(BadRequestException refusal) {
        return answer(HttpStatus.BAD_REQUEST, refusal.code(), String.valueOf(refusal.getMessage()), new HttpHeaders());
    }

    @ExceptionHandler(Exception.class)
    ResponseEntity<byte[]> onAnythingElse(Exception failure) {
        Refusal refusal = Refusal.of(failure);
        HttpHeaders headers = new HttpHeaders();
        if (refusal.isTemporary()) {
            headers.set(HttpHeaders.RETRY_AFTER, "5");
        }
        return answer(refusal.status(), refusal.code(), refusal.message(), headers);
    }

    private static ResponseEntity<byte[]> answer(
            HttpStatusCode status, String code, String message, HttpHeaders headers) {
        return ResponseEntity.status(status)
                .headers(headers)
                .contentType(MediaType.APPLICATION_JSON)
                .body(OipJson.write(Map.of("error", message, "code", code)));
    }
}
