package io.goodhart.trainer.execute;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.lm.classifier.SequenceClassifier;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.trainer.child.TaskFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps one base model and one classifier loaded between tasks. A revision's bytes are hashed once. */
final class ModelCache implements AutoCloseable {
    private final Set<ModelRevision> checked = new HashSet<>();
    private @Nullable LoadedModel decoder;
    private @Nullable LoadedClassifier classifier;

    /** A classifier and its revision. */
    private record LoadedClassifier(ModelRevision revision, SequenceClassifier model) {}

    /** The language model with this revision. It stays the cache's: nobody else closes or changes it. */
    LoadedModel decoder(Path root, ModelRevision revision) {
        LoadedModel present = decoder;
        if (present != null && present.revision().equals(revision)) {
            return present;
        }
        if (present != null) {
            present.close();
            decoder = null;
        }
        LoadedModel loaded = open(root, revision);
        decoder = loaded;
        return loaded;
    }

    /** A copy of the language model with this revision that the caller may change and must close. */
    LoadedModel open(Path root, ModelRevision revision) {
        Path directory = check(root, revision);
        try {
            return new LoadedModel(
                    revision,
                    directory,
                    DecoderModel.load(directory),
                    io.goodhart.modelfiles.tokenize.Tokenizer.open(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The classifier with this revision; stays the cache's. */
    SequenceClassifier classifier(Path root, ModelRevision revision) {
        LoadedClassifier present = classifier;
        if (present != null && present.revision().equals(revision)) {
            return present.model();
        }
        if (present != null) {
            present.model().close();
            classifier = null;
        }
        Path directory = check(root, revision);
        try {
            LoadedClassifier loaded = new LoadedClassifier(revision, SequenceClassifier.load(directory));
            classifier = loaded;
            return loaded.model();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path check(Path root, ModelRevision revision) {
        Path directory = root.resolve(revision.path());
        if (checked.contains(revision)) {
            return directory;
        }
        try {
            ModelRevision found =
                    ModelDirectory.open(directory, revision.path()).revision();
            if (!found.equals(revision)) {
                throw TaskFailedException.badFile("Model %s has changed: expected sha256 %s, found %s"
                        .formatted(revision.path(), revision.sha256(), found.sha256()));
            }
        } catch (InvalidInputException e) {
            throw TaskFailedException.badFile("Model %s: %s".formatted(revision.path(), e.getMessage()));
        } catch (IOException e) {
            throw TaskFailedException.badFile("Model %s cannot be read: %s".formatted(revision.path(), e.getMessage()));
        }
        checked.add(revision);
        return directory;
    }

    @Override
    public void close() {
        LoadedModel model = decoder;
        if (model != null) {
            model.close();
        }
        LoadedClassifier scorer = classifier;
        if (scorer != null) {
            scorer.model().close();
        }
    }
}
