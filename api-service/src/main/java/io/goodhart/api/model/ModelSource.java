package io.goodhart.api.model;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.api.files.FilesRoot;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.modelfiles.source.HubReference;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where a model is from. Its text is canonical: equal sources have equal texts. */
sealed interface ModelSource {
    /** What an archive in the artifact store is called. */
    String ARTIFACT = "artifact://";

    /** A revision of the Hub. */
    record Hub(HubReference reference) implements ModelSource {
        @Override
        public String toString() {
            return reference.toString();
        }
    }

    /** An archive in the artifact store. */
    record Artifact(ArtifactId id) implements ModelSource {
        @Override
        public String toString() {
            return ARTIFACT + id.sha256();
        }
    }

    /** A directory or an archive below the files root. */
    record Local(String path) implements ModelSource {
        @Override
        public String toString() {
            return path;
        }
    }

    /**
     * Reads a source.
     *
     * @throws InvalidInputException if this is none, or nothing lies there
     */
    static ModelSource parse(String text, FilesRoot root, ArtifactLibrary artifacts) {
        if (text.startsWith(HubReference.SCHEME)) {
            return new Hub(HubReference.parse(text, "source"));
        }
        if (text.startsWith(ARTIFACT)) {
            String sha256 = text.substring(ARTIFACT.length());
            if (!sha256.matches("[0-9a-f]{64}")) {
                throw new InvalidInputException(new Problem(
                        "source_invalid", "source", "Need artifact:// and the sha256 of an archive, got " + text));
            }
            return archive(new ArtifactId(sha256), artifacts);
        }
        Path path = root.resolve(text, "source");
        if (!Files.exists(path)) {
            throw new InvalidInputException(
                    new Problem("model_not_found", "source", "There is no model directory and no archive " + text));
        }
        return new Local(root.path().relativize(path).toString());
    }

    private static ModelSource archive(ArtifactId id, ArtifactLibrary artifacts) {
        if (!artifacts.contains(id)) {
            throw new InvalidInputException(new Problem(
                    "artifact_not_found",
                    "source",
                    "There is no artifact %s; upload the archive to /v1/models".formatted(id)));
        }
        return new Artifact(id);
    }
}
