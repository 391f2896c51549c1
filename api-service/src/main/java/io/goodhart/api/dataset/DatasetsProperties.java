package io.goodhart.api.dataset;

import io.goodhart.api.files.UploadLimit;
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
        limit(maxSize);
    }

    private static UploadLimit limit(DataSize maxSize) {
        return new UploadLimit("A data set", "goodhart.datasets.max-size", maxSize);
    }

    UploadLimit limit() {
        return limit(maxSize);
    }
}
