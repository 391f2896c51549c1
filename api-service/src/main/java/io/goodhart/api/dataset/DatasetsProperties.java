package io.goodhart.api.dataset;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * How data sets are registered.
 *
 * @param maxSize largest file
 */
@ConfigurationProperties(prefix = "goodhart.datasets", ignoreUnknownFields = false)
record DatasetsProperties(@DefaultValue("4GB") DataSize maxSize) {
    DatasetsProperties {
        if (maxSize.toBytes() < 1) {
            throw new IllegalArgumentException("goodhart.datasets.max-size must be positive, got " + maxSize);
        }
    }
}
