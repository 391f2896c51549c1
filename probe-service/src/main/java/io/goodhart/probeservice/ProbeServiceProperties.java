package io.goodhart.probeservice;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How probes are served.
 *
 * @param maxRequest largest body of one request
 * @param maxTexts most texts in one request for scores
 * @param threads threads of the process that reads texts
 * @param heap limit of that process' Java heap; models lie outside it
 * @param timeout longest time that a request for scores waits for its turn, and longest time that it then takes
 */
@ConfigurationProperties(prefix = "goodhart.probe-service", ignoreUnknownFields = false)
public record ProbeServiceProperties(
        @DefaultValue("64MB") DataSize maxRequest,
        @DefaultValue("256") int maxTexts,
        @DefaultValue("1") int threads,
        @DefaultValue("512MB") DataSize heap,
        @DefaultValue("60s") Duration timeout) {
    private static final DataSize LARGEST_REQUEST = DataSize.ofGigabytes(1);
    private static final DataSize SMALLEST_HEAP = DataSize.ofMegabytes(64);

    public ProbeServiceProperties {
        if (maxRequest.toBytes() < 1 || maxRequest.compareTo(LARGEST_REQUEST) > 0) {
            throw new IllegalArgumentException(
                    "goodhart.probe-service.max-request must be 1 byte to 1 GB, got " + maxRequest);
        }
        if (maxTexts < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "goodhart.probe-service: max-texts and threads must be at least 1, got %d and %d"
                            .formatted(maxTexts, threads));
        }
        if (heap.compareTo(SMALLEST_HEAP) < 0) {
            throw new IllegalArgumentException("goodhart.probe-service.heap must be at least 64MB, got " + heap);
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("goodhart.probe-service.timeout must be positive, got " + timeout);
        }
    }
}
