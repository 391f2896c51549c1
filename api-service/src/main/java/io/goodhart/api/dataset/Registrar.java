package io.goodhart.api.dataset;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.datasets.DataSource;
import io.goodhart.datasets.Survey;
import io.goodhart.db.dataset.Datasets;
import io.goodhart.db.dataset.NewDataset;
import io.goodhart.db.queue.Output;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DataFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes data sets in: the bytes go to the artifact store while they are hashed, are read from the first row to the last one, and
 * only then is there a row of the database. What is refused leaves an artifact that nothing names.
 */
@Component
class Registrar {
    private final Datasets datasets;
    private final ArtifactLibrary artifacts;
    private final DatasetsProperties properties;

    Registrar(Datasets datasets, ArtifactLibrary artifacts, DatasetsProperties properties) {
        this.datasets = datasets;
        this.artifacts = artifacts;
        this.properties = properties;
    }

    /**
     * Registers a content.
     *
     * @param source where it is from, for people; its end may say the format
     * @throws InvalidInputException with what is wrong and in which line
     */
    Datasets.Registration register(String name, InputStream bytes, String source, @Nullable DataFormat asked)
            throws IOException {
        requireName(name);
        Output stored = artifacts.put(new BoundedInputStream(bytes, properties.maxSize()));
        Path file = artifacts.file(stored.artifact());
        DataFormat format = asked == null ? FormatGuess.of(file, source) : asked;
        Output content = new Output(stored.artifact(), stored.bytes(), mediaType(format));
        return datasets.register(
                new NewDataset(name, content, format, source, Survey.of(new DataSource(file, source, format))));
    }

    private static void requireName(String name) {
        if (!RegisteredDatasets.isName(name)) {
            throw new InvalidInputException(new Problem(
                    "out_of_range",
                    "name",
                    "Need 1 to 64 of a-z, 0-9, '.', '_' and '-', not an id, got '%s'".formatted(name)));
        }
    }

    private static String mediaType(DataFormat format) {
        return switch (format) {
            case JSON_LINES -> "application/jsonl";
            case CSV -> "text/csv";
            case TSV -> "text/tab-separated-values";
            case TEXT -> "text/plain";
            case PARQUET -> "application/vnd.apache.parquet";
        };
    }
}
