package io.goodhart.db.model;

import io.goodhart.db.experiment.Page;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Models that were registered. Writes of whoever prepares one throw {@link LeaseLostException} once somebody else has taken it up. */
public interface Models {
    /**
     * Registers a source, or finds its registration. One that has failed begins anew.
     *
     * @throws ConflictException if another source has the name, or the source another name
     */
    ModelView register(NewModel model);

    /** @throws NotFoundException if there is none */
    ModelView get(ModelId id);

    /** The registration of a source. */
    Optional<ModelView> bySource(String source);

    /** The registration of a name. */
    Optional<ModelView> byName(String name);

    /** Newest first, at most {@code limit}; only those older than {@code after} if that is given. */
    Page<ModelView> list(int limit, @Nullable ModelId after);

    /** Takes up a registration that nobody works on. */
    Optional<ClaimedModel> claim(Duration lease);

    /** Tells how far it is, and renews the lease. */
    void progress(ClaimedModel model, long bytes, long totalBytes, Duration lease);

    /** Ends a registration well. */
    void ready(ClaimedModel model, String path, Optional<String> commit, ModelFacts facts);

    /** Ends a registration that cannot be. */
    void failed(ClaimedModel model, List<Problem> problems);
}
