package io.goodhart.api.security;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who may call.
 *
 * @param keys callers' keys; with none the service listens on the loopback interface only
 */
@ConfigurationProperties(prefix = "goodhart.api.security", ignoreUnknownFields = false)
public record SecurityProperties(@DefaultValue List<ApiKey> keys) {
    public SecurityProperties {
        keys = List.copyOf(keys);
        Set<String> names = new HashSet<>();
        for (ApiKey key : keys) {
            if (!names.add(key.name())) {
                throw new IllegalArgumentException("Two API keys have the name " + key.name());
            }
        }
    }
}
