package io.goodhart.api.files;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Resolves the paths that callers send, and lets none of them out of the root: not by {@code ..}, not by a link. */
public final class FilesRoot {
    private static final int LONGEST = 1024;

    private final Path root;

    public FilesRoot(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** The root itself. */
    public Path path() {
        return root;
    }

    /**
     * The file or directory that a caller's path names; it need not exist.
     *
     * @param field what the problem names if the path is refused
     * @throws InvalidInputException with code {@code path_not_allowed}
     */
    public Path resolve(String path, @Nullable String field) {
        Path relative = parse(path, field);
        Path resolved = root.resolve(relative).normalize();
        if (!resolved.startsWith(root)) {
            throw refused(field, "The path leaves the files root");
        }
        if (Files.exists(resolved) && !isInside(resolved)) {
            throw refused(field, "The path leaves the files root through a link");
        }
        return resolved;
    }

    private static Path parse(String path, @Nullable String field) {
        if (path.isBlank() || path.length() > LONGEST) {
            throw refused(field, "Need a path of 1 to %d characters, got %d".formatted(LONGEST, path.length()));
        }
        if (path.contains("://")) {
            throw refused(field, "Only paths below the files root can be used, not " + path);
        }
        try {
            Path relative = Path.of(path);
            if (relative.isAbsolute() || path.startsWith("~") || path.indexOf('\\') >= 0) {
                throw refused(field, "Need a path relative to the files root, got " + path);
            }
            for (Path segment : relative) {
                if (segment.toString().equals("..")) {
                    throw refused(field, "The path must not contain '..'");
                }
            }
            return relative;
        } catch (InvalidPathException e) {
            throw refused(field, "This is not a path: " + e.getReason());
        }
    }

    private boolean isInside(Path resolved) {
        try {
            return resolved.toRealPath().startsWith(root.toRealPath());
        } catch (IOException e) {
            return false;
        }
    }

    private static InvalidInputException refused(@Nullable String field, String message) {
        return new InvalidInputException(new Problem("path_not_allowed", field, message));
    }
}
