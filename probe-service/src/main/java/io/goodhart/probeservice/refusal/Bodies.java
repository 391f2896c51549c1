package io.goodhart.probeservice.refusal;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

/** Reads bodies whole, and none that is larger than it may be. */
public final class Bodies {
    private final int limit;

    /** @param limit largest body, below 2 GiB */
    public Bodies(DataSize limit) {
        this.limit = Math.toIntExact(limit.toBytes());
    }

    /** @throws RefusedException if it is compressed or too large */
    public byte[] read(HttpServletRequest request) throws IOException {
        if (request.getHeader(HttpHeaders.CONTENT_ENCODING) != null) {
            throw new RefusedException(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "compressed_body",
                    "Compressed requests are not read; send the body as it is");
        }
        if (request.getContentLengthLong() > limit) {
            throw tooLarge();
        }
        byte[] body = request.getInputStream().readNBytes(limit + 1);
        if (body.length > limit) {
            throw tooLarge();
        }
        return body;
    }

    private RefusedException tooLarge() {
        return new RefusedException(
                HttpStatus.CONTENT_TOO_LARGE, "too_large", "A request has at most %d bytes".formatted(limit));
    }
}
