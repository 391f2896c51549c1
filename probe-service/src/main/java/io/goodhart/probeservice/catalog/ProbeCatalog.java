package io.goodhart.probeservice.catalog;

import io.goodhart.db.experiment.ProbeId;
import io.goodhart.db.experiment.ProbeView;
import io.goodhart.db.experiment.Probes;
import io.goodhart.domain.NotFoundException;
import io.goodhart.probing.ProbeFile;
import io.goodhart.storage.ArtifactStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds probes by name and keeps the ones used last: a fitted probe never changes. */
public final class ProbeCatalog {
    private static final int KEPT = 1000;

    private final Probes probes;
    private final ArtifactStore store;
    private final Map<ProbeId, ServedProbe> loaded = Collections.synchronizedMap(new RecentlyUsed());

    public ProbeCatalog(Probes probes, ArtifactStore store) {
        this.probes = probes;
        this.store = store;
    }

    /**
     * The probe with this name.
     *
     * @throws NotFoundException if there is none
     */
    public ServedProbe probe(String name) {
        ProbeId id = ProbeId.parse(name);
        ServedProbe present = loaded.get(id);
        if (present != null) {
            return present;
        }
        ServedProbe probe = load(probes.get(id));
        loaded.put(id, probe);
        return probe;
    }

    private ServedProbe load(ProbeView view) {
        try {
            Path file = store.file(view.probe().artifact());
            return new ServedProbe(view, ProbeFile.read(file).get(view.probe().index()), file);
        } catch (IOException e) {
            throw new UncheckedIOException("Probe " + view.id() + " cannot be read", e);
        }
    }

    private static final class RecentlyUsed extends LinkedHashMap<ProbeId, ServedProbe> {
        private static final long serialVersionUID = 1L;

        RecentlyUsed() {
            super(16, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<ProbeId, ServedProbe> eldest) {
            return size() > KEPT;
        }
    }
}
