package io.goodhart.api.facts;

import io.goodhart.api.files.FilesRoot;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.modelfiles.ModelDirectory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Facts about model directories below the files root. */
public final class ModelCatalog {
    private static final int CAPACITY = 256;

    private final FilesRoot root;
    private final StampedCache<String, ModelFacts> cache = new StampedCache<>(CAPACITY);

    public ModelCatalog(FilesRoot root) {
        this.root = root;
    }

    /**
     * What is known of a model without loading it.
     *
     * @param path directory, relative to the files root
     * @param field what problems name
     * @throws InvalidInputException with every problem of the directory, each naming the file or key it is about
     */
    public ModelFacts facts(String path, String field) {
        Path directory = root.resolve(path, field);
        if (!Files.isDirectory(directory)) {
            throw new InvalidInputException(
                    new Problem("model_not_found", field, "There is no model directory " + path));
        }
        try {
            return cache.get(
                    path,
                    FileStamp.ofDirectory(directory),
                    () -> ModelDirectory.open(directory, path).facts());
        } catch (InvalidInputException e) {
            throw About.field(field, e);
        }
    }

    /** Where the model lies. */
    Path directory(ModelFacts model) {
        return root.resolve(model.revision().path(), null);
    }
}
