package io.goodhart.standalone.model;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.lm.classifier.SequenceClassifier;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.parity.Parity;
import io.goodhart.lm.parity.ParityReport;
import io.goodhart.modelfiles.ModelDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is found when a model directory is loaded and, if there is a reference, held against it. */
public sealed interface ModelCheck {
    /** It cannot be loaded, or the reference cannot be read. */
    record Refused(List<Problem> problems) implements ModelCheck {
        public Refused {
            problems = List.copyOf(problems);
        }
    }

    /** It can be used. */
    record Loaded(ModelFacts model, Optional<ParityReport> parity) implements ModelCheck {}

    /** Exit status that a script reads: 0 within tolerance or nothing to compare with, 1 outside, 2 not loaded. */
    default int exitStatus() {
        return switch (this) {
            case Refused _ -> 2;
            case Loaded loaded -> loaded.parity().map(ParityReport::within).orElse(true) ? 0 : 1;
        };
    }

    /** Loads a directory. To be called on a compute thread. */
    static ModelCheck of(Path directory, Optional<Path> expected) throws IOException {
        try {
            ModelDirectory model = ModelDirectory.open(directory);
            model.requireLoadable();
            ModelFacts facts = model.facts();
            if (expected.isPresent()) {
                return new Loaded(facts, Optional.of(Parity.of(directory, tensors(expected.get()))));
            }
            load(directory, facts.task());
            return new Loaded(facts, Optional.empty());
        } catch (InvalidInputException e) {
            return new Refused(e.problems());
        }
    }

    /** The tensors of a reference, of which a user may name either file. */
    private static Path tensors(Path expected) {
        String name = String.valueOf(expected.getFileName());
        return name.endsWith(".json")
                ? expected.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".safetensors")
                : expected;
    }

    private static void load(Path directory, ModelFacts.Task task) throws IOException {
        switch (task) {
            case LANGUAGE_MODEL -> DecoderModel.load(directory).close();
            case CLASSIFIER -> SequenceClassifier.load(directory).close();
        }
    }
}
