package io.goodhart.db.dataset;

import io.goodhart.db.queue.Output;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetFacts;

/**
 * A data set that was read from its first row to its last one.
 *
 * @param content its bytes, which lie in the artifact store
 * @param source where they came from, for people
 */
public record NewDataset(String name, Output content, DataFormat format, String source, DatasetFacts facts) {}
