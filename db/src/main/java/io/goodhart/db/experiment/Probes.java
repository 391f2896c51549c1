package io.goodhart.db.experiment;

import io.goodhart.domain.NotFoundException;
import org.jspecify.annotations.Nullable;

/** Every probe that was fitted, for those who serve them. */
public interface Probes {
    /** @throws NotFoundException if there is none */
    ProbeView get(ProbeId id);

    /** Newest first, at most {@code limit}; only those older than {@code after} if that is given. */
    Page<ProbeView> list(int limit, @Nullable ProbeId after);
}
