package io.goodhart.api.model;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.api.files.FilesRoot;
import io.goodhart.domain.Hashes;
import io.goodhart.modelfiles.source.ArchiveFormat;
import io.goodhart.modelfiles.source.ArchivedModels;
import io.goodhart.modelfiles.source.HubModels;
import io.goodhart.modelfiles.source.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.util.FileSystemUtils;

/** Brings a source below the files root, where everybody who loads models finds it. */
final class ModelFetcher implements AutoCloseable {
    private final FilesRoot root;
    private final ArtifactLibrary artifacts;
    private final HubModels hub;
    private final ArchivedModels archives;

    ModelFetcher(FilesRoot root, ArtifactLibrary artifacts, ModelsProperties properties) {
        Path cache = root.path().resolve(properties.cache());
        this.root = root;
        this.artifacts = artifacts;
        this.hub = new HubModels(cache, properties.hub().settings());
        this.archives = new ArchivedModels(cache, properties.maxSize().toBytes());
    }

    /**
     * A model that is here.
     *
     * @param path directory, relative to the files root
     * @param commit which revision of the Hub, if it is from there
     * @param kept whose directory it is
     */
    record Fetched(String path, Optional<String> commit, Kept kept) {}

    /** Whose a model's directory is. */
    enum Kept {
        IN_CACHE,
        BY_THE_USER
    }

    /** Reads an archive that may become a source to its end; as {@link ArchivedModels#check}. */
    ArchiveFormat check(Path archive) throws IOException {
        return archives.check(archive);
    }

    Fetched fetch(ModelSource source, Progress progress) throws IOException {
        return switch (source) {
            case ModelSource.Hub(var reference) -> {
                HubModels.Fetched fetched = hub.fetch(reference, progress);
                yield new Fetched(relative(fetched.directory()), Optional.of(fetched.commit()), Kept.IN_CACHE);
            }
            case ModelSource.Artifact(var id) ->
                new Fetched(
                        relative(archives.unpack(artifacts.file(id), id.sha256(), progress)),
                        Optional.empty(),
                        Kept.IN_CACHE);
            case ModelSource.Local(var path) -> local(path, progress);
        };
    }

    private Fetched local(String path, Progress progress) throws IOException {
        Path file = root.resolve(path, "source");
        return Files.isRegularFile(file)
                ? new Fetched(relative(archives.unpack(file, sha256(file), progress)), Optional.empty(), Kept.IN_CACHE)
                : new Fetched(path, Optional.empty(), Kept.BY_THE_USER);
    }

    /** Removes what was fetched into the cache. */
    void discard(Fetched fetched) throws IOException {
        if (fetched.kept() == Kept.IN_CACHE) {
            FileSystemUtils.deleteRecursively(root.path().resolve(fetched.path()));
        }
    }

    private static String sha256(Path file) throws IOException {
        var digest = Hashes.sha256();
        try (InputStream stream = new DigestInputStream(Files.newInputStream(file), digest)) {
            stream.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private String relative(Path directory) {
        return root.path().relativize(directory).toString();
    }

    @Override
    public void close() {
        hub.close();
    }
}
