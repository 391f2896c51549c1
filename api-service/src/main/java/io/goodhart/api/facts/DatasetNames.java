package io.goodhart.api.facts;

import io.goodhart.domain.model.DatasetRevision;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** What data sets are called beside their paths. */
public interface DatasetNames {
    /** The data set that an id, a name or a {@code name@version} stands for; of a name the newest version. */
    Optional<Named> find(String text);

    /** Every name. */
    Collection<String> names();

    /**
     * A registered data set.
     *
     * @param file its bytes, checked against the hash
     */
    record Named(DatasetRevision revision, Path file) {}
}
