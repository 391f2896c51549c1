package io.goodhart.api.artifact;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where artifacts lie.
 *
 * @param directory shared with the workers; created if there is none
 */
@ConfigurationProperties(prefix = "goodhart.storage", ignoreUnknownFields = false)
public record StorageProperties(@DefaultValue("artifacts") String directory) {
    public StorageProperties {
        if (directory.isBlank()) {
            throw new IllegalArgumentException("goodhart.storage.directory must name a directory");
        }
    }

    /** The directory; a text above because Spring would look for a relative path on the class path first. */
    public Path path() {
        return Path.of(directory);
    }
}
