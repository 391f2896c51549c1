package io.goodhart.datasets;

import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import java.nio.file.Path;

/**
 * A local file with rows.
 *
 * @param name what messages call it
 * @param format how its rows are written
 */
public record DataSource(Path file, String name, DataFormat format) {
    /** The file of a data set. */
    public static DataSource of(Path file, DatasetRevision dataset) {
        return new DataSource(file, dataset.path(), dataset.format());
    }

    /** Whether every value is written as a text. */
    boolean isUntyped() {
        return format == DataFormat.CSV || format == DataFormat.TSV;
    }
}
