package io.goodhart.db.dataset;

import io.goodhart.db.experiment.Page;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.NotFoundException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Data sets that were registered. */
public interface Datasets {
    /**
     * Registers a content under a name: as the version that has it, or as the next one.
     *
     * @throws ConflictException if the name has the content in another format
     */
    Registration register(NewDataset dataset);

    /** @throws NotFoundException if there is none */
    DatasetView get(DatasetId id);

    /** The newest version of a name. */
    Optional<DatasetView> byName(String name);

    /** One version of a name. */
    Optional<DatasetView> byVersion(String name, int version);

    /** Every name. */
    List<String> names();

    /** Newest first, at most {@code limit}; only those older than {@code after} if that is given. */
    Page<DatasetView> list(int limit, @Nullable DatasetId after);

    /**
     * Forgets a version; its number is not given again.
     *
     * @throws ConflictException if an experiment that has not ended reads it
     */
    void delete(DatasetId id);

    /**
     * What registering came to.
     *
     * @param isNew whether the content was not there before
     */
    record Registration(DatasetView dataset, boolean isNew) {}
}
