package io.goodhart.modelfiles.source;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.source.HubClient.Revision;
import io.goodhart.modelfiles.source.HubClient.Sibling;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Models of the Hub in a cache: {@code owner--name/commit}, complete or absent. A download lies under {@code .partial} until every
 * file of it has been checked, continues where it was cut off, and is moved to its place in one step. What is refused for good leaves
 * nothing.
 */
public final class HubModels implements AutoCloseable {
    private final Placement placement;
    private final Path refs;
    private final HubSettings settings;
    private final HubClient client;

    /**
     * Makes one.
     *
     * @param cache directory of all models; created if there is none
     */
    public HubModels(Path cache, HubSettings settings) {
        this.placement = new Placement(cache);
        this.refs = cache.resolve(".refs");
        this.settings = settings;
        this.client = new HubClient(settings);
    }

    /**
     * A model that is here.
     *
     * @param directory where
     * @param commit which exact revision
     */
    public record Fetched(Path directory, String commit) {}

    /**
     * The model of a reference, fetched if it is not here.
     *
     * @throws InvalidInputException if it cannot be had: codes {@code hub_…} and {@code weights_…}, {@code disk_full}
     */
    public Fetched fetch(HubReference reference, Progress progress) throws IOException {
        if (HubClient.isCommit(reference.revision()) && Files.isDirectory(place(reference, reference.revision()))) {
            return new Fetched(place(reference, reference.revision()), reference.revision());
        }
        if (settings.mode() == HubSettings.Mode.OFFLINE) {
            return offline(reference);
        }
        Revision revision = client.revision(reference);
        Path place = place(reference, revision.commit());
        if (!Files.isDirectory(place)) {
            Path partial = placement.partial(place);
            try {
                download(reference, revision, partial, progress);
            } catch (InvalidInputException e) {
                if (!Refusals.mayPass(e)) {
                    Placement.delete(partial);
                }
                throw e;
            }
            placement.place(partial, place);
        }
        remember(reference, revision.commit());
        return new Fetched(place, revision.commit());
    }

    private Fetched offline(HubReference reference) throws IOException {
        Path ref = ref(reference);
        if (Files.isRegularFile(ref)) {
            String commit = Files.readString(ref).strip();
            if (Files.isDirectory(place(reference, commit))) {
                return new Fetched(place(reference, commit), commit);
            }
        }
        throw Refusals.of("hub_offline", "%s is not in the cache, and fetching is switched off".formatted(reference));
    }

    private void download(HubReference reference, Revision revision, Path partial, Progress progress)
            throws IOException {
        List<RemoteFile> files = describe(reference, revision, ModelFiles.first(revision.siblings()));
        fetchAll(reference, revision, files, partial, progress);
        Path index = partial.resolve(ModelFiles.INDEX);
        if (Files.isRegularFile(index)) {
            List<RemoteFile> all = new ArrayList<>(files);
            all.addAll(
                    describe(reference, revision, ModelFiles.shards(Files.readAllBytes(index), revision.siblings())));
            fetchAll(reference, revision, all, partial, progress);
        }
    }

    private List<RemoteFile> describe(HubReference reference, Revision revision, List<Sibling> siblings)
            throws IOException {
        List<RemoteFile> files = new ArrayList<>();
        for (Sibling sibling : siblings) {
            files.add(client.describe(reference, revision.commit(), sibling));
        }
        return files;
    }

    private void fetchAll(
            HubReference reference, Revision revision, List<RemoteFile> files, Path partial, Progress progress)
            throws IOException {
        long total = files.stream().mapToLong(RemoteFile::bytes).sum();
        placement.requireSpace(partial, total);
        long before = 0;
        for (RemoteFile file : files) {
            Path target = partial.resolve(file.path());
            Files.createDirectories(target.getParent() == null ? partial : target.getParent());
            long done = before;
            client.download(reference, revision.commit(), file, target, here -> progress.at(done + here, total));
            before += file.bytes();
            progress.at(before, total);
        }
    }

    private Path place(HubReference reference, String commit) {
        return placement
                .cache()
                .resolve(reference.repository().replace("/", "--"))
                .resolve(commit);
    }

    /** Which commit a revision was when it was last asked for; its name is hexadecimal because a branch may contain a slash. */
    private Path ref(HubReference reference) {
        return refs.resolve(HexFormat.of().formatHex(reference.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private void remember(HubReference reference, String commit) throws IOException {
        Files.createDirectories(refs);
        Path temporary = Files.createTempFile(refs, "new", ".ref");
        Files.writeString(temporary, commit);
        Placement.move(temporary, ref(reference));
    }

    @Override
    public void close() {
        client.close();
    }
}
