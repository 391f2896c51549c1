package io.goodhart.api.task;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** What tasks' processes logged, from the directory that the workers write to: {@code ID.log}, its older part {@code ID.log.1}. */
@Component
@EnableConfigurationProperties(TaskProperties.class)
class TaskLogs {
    private final Optional<Path> directory;

    TaskLogs(TaskProperties properties) {
        this.directory = Optional.ofNullable(properties.logs()).map(Path::of);
    }

    /** The log of a task, its older part first; empty if none can be seen from here. */
    Optional<String> find(UUID task) {
        if (directory.isEmpty()) {
            return Optional.empty();
        }
        List<Path> parts = List.of(
                directory.get().resolve(task + ".log.1"), directory.get().resolve(task + ".log"));
        StringBuilder log = new StringBuilder();
        parts.stream().filter(Files::isRegularFile).forEach(part -> log.append(read(part)));
        return log.isEmpty() ? Optional.empty() : Optional.of(log.toString());
    }

    private static String read(Path part) {
        try {
            return new String(Files.readAllBytes(part), StandardCharsets.UTF_8); // a line may be half written
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + part, e);
        }
    }
}
