package io.goodhart.api.facts;

import io.goodhart.api.files.FilesRoot;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.modelfiles.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Facts about model directories below the files root. */
public final class ModelCatalog {
    private static final int CAPACITY = 256;

    private final FilesRoot root;
    private final ModelNames names;
    private final StampedCache<String, ModelFacts> cache = new StampedCache<>(CAPACITY);

    public ModelCatalog(FilesRoot root, ModelNames names) {
        this.root = root;
        this.names = names;
    }

    /**
     * What is known of a model without loading it.
     *
     * @param model a directory relative to the files root; or a registered model by its name, its id or its reference to the Hub
     * @param field what problems name
     * @throws InvalidInputException with every problem of the directory, each naming the file or key it is about
     */
    public ModelFacts facts(String model, String field) {
        Optional<ModelNames.Named> named = names.find(model, field);
        if (named.isEmpty()) {
            return ofDirectory(model, field);
        }
        ModelFacts facts = ofDirectory(named.get().path(), field);
        if (!facts.revision().sha256().equals(named.get().sha256())) {
            throw new InvalidInputException(new Problem(
                    "model_changed",
                    field,
                    "The directory %s is no longer what was registered as %s"
                            .formatted(named.get().path(), model)));
        }
        return facts;
    }

    /** What is known of the model in a directory below the files root. */
    public ModelFacts ofDirectory(String path, String field) {
        Path directory = root.resolve(path, field);
        if (!Files.isDirectory(directory)) {
            throw new InvalidInputException(
                    new Problem("model_not_found", field, "There is no model directory " + path));
        }
        try {
            return cache.get(
                    path,
                    FileStamp.ofDirectory(directory),
                    () -> loadable(ModelDirectory.open(directory, path)).facts());
        } catch (InvalidInputException e) {
            throw About.field(field, e);
        }
    }

    private static ModelDirectory loadable(ModelDirectory directory) throws IOException {
        directory.requireLoadable();
        return directory;
    }

    /** Where the model lies. */
    Path directory(ModelFacts model) {
        return root.resolve(model.revision().path(), null);
    }
}
