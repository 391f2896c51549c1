package io.goodhart.db.experiment;

import io.goodhart.domain.NotFoundException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Probes as rows. */
@Component
final class StoredProbes implements Probes {
    private final ProbeRepository repository;

    StoredProbes(ProbeRepository repository) {
        this.repository = repository;
    }

    @Override
    public ProbeView get(ProbeId id) {
        return repository
                .findById(id.value())
                .orElseThrow(() -> new NotFoundException("There is no probe " + id))
                .view();
    }

    @Override
    public Page<ProbeView> list(int limit, @Nullable ProbeId after) {
        List<ProbeEntity> found = repository.newest(after == null ? null : after.toString(), limit + 1);
        return Page.of(found.stream().map(ProbeEntity::view).toList(), limit);
    }
}
