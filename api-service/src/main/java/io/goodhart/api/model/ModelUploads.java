package io.goodhart.api.model;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.db.model.ModelView;
import io.goodhart.db.model.NewModel;
import io.goodhart.db.queue.Output;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.source.ArchiveFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes archives in: the bytes go to a temporary file and are read to their end, and only then are they an artifact and a registration.
 * What is refused leaves nothing.
 */
@Component
class ModelUploads {
    private static final String FILE = "file";

    private final ModelFetcher fetcher;
    private final ArtifactLibrary artifacts;
    private final Registrations registrations;
    private final ModelsProperties properties;

    ModelUploads(
            ModelFetcher fetcher, ArtifactLibrary artifacts, Registrations registrations, ModelsProperties properties) {
        this.fetcher = fetcher;
        this.artifacts = artifacts;
        this.registrations = registrations;
        this.properties = properties;
    }

    /**
     * Registers an archive as the source {@code artifact://sha256}.
     *
     * @throws InvalidInputException with code {@code checksum_mismatch}, {@code archive_invalid}, {@code archive_unsafe} or
     *     {@code archive_too_large}
     */
    ModelView register(UploadModel request) throws IOException {
        RegisteredModels.requireName(request.name());
        Path file = Files.createTempFile("model", null);
        try {
            requireHash(copy(request, file), request.sha256());
            Output archive = artifacts.put(file, check(file).mediaType());
            String source = new ModelSource.Artifact(archive.artifact()).toString();
            return registrations.register(new NewModel(source, request.name(), Optional.of(archive)));
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** Gives the sha256. */
    private String copy(UploadModel request, Path file) throws IOException {
        try (InputStream bytes = properties.limit().on(request.file().getInputStream());
                DigestInputStream digested = new DigestInputStream(bytes, Hashes.sha256())) {
            Files.copy(digested, file, StandardCopyOption.REPLACE_EXISTING);
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        }
    }

    private static void requireHash(String sha256, @Nullable String expected) {
        if (expected != null && !expected.equalsIgnoreCase(sha256)) {
            throw new InvalidInputException(new Problem(
                    "checksum_mismatch", "sha256", "The bytes that came hash to %s, not to this".formatted(sha256)));
        }
    }

    private ArchiveFormat check(Path file) throws IOException {
        try {
            return fetcher.check(file);
        } catch (InvalidInputException e) {
            throw new InvalidInputException(e.problems().stream()
                    .map(problem -> new Problem(problem.code(), FILE, problem.message()))
                    .toList());
        }
    }
}
