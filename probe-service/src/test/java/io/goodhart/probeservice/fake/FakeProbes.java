package io.goodhart.probeservice.fake;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.Page;
import io.goodhart.db.experiment.ProbeId;
import io.goodhart.db.experiment.ProbeView;
import io.goodhart.db.experiment.Probes;
import io.goodhart.db.queue.FittedProbe;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ProbeFile;
import io.goodhart.probing.ReadPoint;
import io.goodhart.storage.ArtifactStore;
import io.goodhart.storage.DirectoryArtifactStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessResourceFailureException;

/** Probes in memory, their files in a directory. */
public final class FakeProbes implements Probes {
    private final Path directory;
    private final DirectoryArtifactStore store;
    private final Map<ProbeId, ProbeView> views = new LinkedHashMap<>();
    private boolean unreachable;

    public FakeProbes(Path directory) throws IOException {
        this.directory = directory;
        this.store = new DirectoryArtifactStore(directory.resolve("artifacts"));
    }

    public ArtifactStore store() {
        return store;
    }

    /** From now on the database does not answer. */
    public void disconnect() {
        unreachable = true;
    }

    /** Writes one set and gives its probes' ids. */
    public List<ProbeId> add(List<Probe> probes) throws IOException {
        Path file = directory.resolve("probes.safetensors");
        ProbeFile.write(file, probes);
        ArtifactId artifact = store.put(file);
        UUID task = UUID.randomUUID();
        List<ProbeId> ids = new ArrayList<>();
        for (int i = 0; i < probes.size(); i++) {
            ReadPoint point = probes.get(i).readPoint();
            FittedProbe row = new FittedProbe(
                    probes.get(i).role(),
                    i,
                    probes.get(i).fit().kind(),
                    point.site(),
                    point.layer(),
                    point.model(),
                    artifact,
                    GoodhartJson.tree("{}"));
            ProbeView view = new ProbeView(new ProbeId(UUID.randomUUID()), task, row, Instant.EPOCH);
            views.put(view.id(), view);
            ids.add(view.id());
        }
        return ids;
    }

    @Override
    public ProbeView get(ProbeId id) {
        if (unreachable) {
            throw new DataAccessResourceFailureException("connection refused");
        }
        ProbeView view = views.get(id);
        if (view == null) {
            throw new NotFoundException("There is no probe " + id);
        }
        return view;
    }

    @Override
    public Page<ProbeView> list(int limit, @Nullable ProbeId after) {
        return new Page<>(List.copyOf(views.values()), false);
    }
}
