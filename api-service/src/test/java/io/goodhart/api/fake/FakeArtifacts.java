package io.goodhart.api.fake;

import io.goodhart.db.experiment.Artifacts;
import io.goodhart.db.queue.Output;
import io.goodhart.domain.model.ArtifactId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Artifacts that a test says exist. */
public final class FakeArtifacts implements Artifacts {
    private final Map<ArtifactId, Output> known = new HashMap<>();

    public void add(Output output) {
        known.put(output.artifact(), output);
    }

    @Override
    public Optional<Output> find(ArtifactId id) {
        return Optional.ofNullable(known.get(id));
    }

    @Override
    public Set<ArtifactId> referenced() {
        return Set.copyOf(known.keySet());
    }
}
