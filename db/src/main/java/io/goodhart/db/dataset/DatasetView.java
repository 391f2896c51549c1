package io.goodhart.db.dataset;

import io.goodhart.db.queue.Output;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetFacts;
import io.goodhart.domain.model.DatasetRevision;
import java.time.Instant;

/**
 * One version of a registered data set.
 *
 * @param content its bytes
 * @param source where they came from, for people
 */
public record DatasetView(
        DatasetId id,
        String name,
        int version,
        Output content,
        DataFormat format,
        String source,
        DatasetFacts facts,
        Instant createdAt) {
    /** What a plan pins. */
    public DatasetRevision revision() {
        return new DatasetRevision(name + "@" + version, content.artifact().sha256(), format);
    }
}
