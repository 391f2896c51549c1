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
import io.goodhart.domain.model.DatasetFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Takes data sets in: the bytes go to a temporary file, are read from the first row to the last one, and only then are they an artifact
 * and a row of the database. What is refused leaves nothing.
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
        Path file = Files.createTempFile("dataset", null);
        try {
            Files.copy(properties.limit().on(bytes), file, StandardCopyOption.REPLACE_EXISTING);
            DataFormat format = asked == null ? FormatGuess.of(file, source) : asked;
            DatasetFacts facts = Survey.of(new DataSource(file, source, format));
            Output content = artifacts.put(file, mediaType(format));
            return datasets.register(new NewDataset(name, content, format, source, facts));
        } finally {
            Files.deleteIfExists(file);
        }
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
