package io.goodhart.api.files;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where models and data lie.
 *
 * @param root every path in a specification is relative to this directory
 */
@ConfigurationProperties(prefix = "goodhart.files", ignoreUnknownFields = false)
public record FilesProperties(@DefaultValue(".") String root) {
    public FilesProperties {
        if (root.isBlank()) {
            throw new IllegalArgumentException("goodhart.files.root must name a directory");
        }
    }

    /** The root; a text above because Spring would look for a relative path on the class path first. */
    public Path path() {
        return Path.of(root);
    }
}
