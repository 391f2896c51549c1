package io.goodhart.api.dataset;

import io.goodhart.db.dataset.DatasetView;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.ColumnFacts;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One version of a registered data set.
 *
 * @param object always {@code dataset}
 * @param name what experiments call its newest version
 * @param version counted from 1; {@code name@version} names it for ever
 * @param sha256 hash of its bytes, which are the artifact of this name
 * @param source where it is from
 * @param rows number of rows
 * @param columns their names, types and gaps
 * @param warnings what a user should know of it
 */
record Dataset(
        UUID id,
        String object,
        String name,
        int version,
        ArtifactId sha256,
        long bytes,
        DataFormat format,
        String source,
        long rows,
        List<ColumnFacts> columns,
        List<Problem> warnings,
        Instant createdAt) {
    static Dataset of(DatasetView view) {
        return new Dataset(
                view.id().value(),
                "dataset",
                view.name(),
                view.version(),
                view.content().artifact(),
                view.content().bytes(),
                view.format(),
                view.source(),
                view.facts().rows(),
                view.facts().columns(),
                warnings(view.facts()),
                view.createdAt());
    }

    private static List<Problem> warnings(DatasetFacts facts) {
        List<Problem> warnings = new ArrayList<>();
        if (facts.duplicateRows() > 0) {
            warnings.add(new Problem(
                    "duplicate_rows",
                    null,
                    "%d of %d rows equal an earlier one, but for white space"
                            .formatted(facts.duplicateRows(), facts.rows())));
        }
        if (facts.byteOrderMark()) {
            warnings.add(new Problem(
                    "byte_order_mark",
                    null,
                    "The file starts with UTF-8's byte order mark, which is read as no part of it"));
        }
        for (ColumnFacts column : facts.columns()) {
            if (column.missing() > 0 || column.empty() > 0) {
                warnings.add(new Problem(
                        "missing_values",
                        column.name(),
                        "%d of %d rows have no value here, %d an empty one"
                                .formatted(column.missing(), facts.rows(), column.empty())));
            }
        }
        return warnings;
    }
}
