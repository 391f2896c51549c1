package io.goodhart.lm.parity;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.lm.classifier.SequenceClassifier;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.family.Families;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Compares a model directory with a reference: {@code expected.safetensors} and, beside it, {@code expected.json}, in the form of
 * fixtures/lm. To be called on a compute thread.
 */
public final class Parity {
    /** float32 against float32: largest difference over the standard deviation. Suspicious from twice as much on. */
    public static final double TOLERANCE = 5e-5;

    private Parity() {}

    /**
     * Computes everything that the reference has values for.
     *
     * @param expected the file with tensors, or the folder that holds {@code expected.safetensors}
     * @throws InvalidInputException if the model cannot be loaded, or the reference is missing, damaged or for another model
     */
    public static ParityReport of(Path directory, Path expected) throws IOException {
        try (ReferenceValues reference = ReferenceValues.open(expected)) {
            List<ParityRow> rows = switch (Families.read(directory)) {
                case DecoderConfig decoder -> ofDecoder(directory, reference);
                case ClassifierConfig classifier -> ofClassifier(directory, reference);
            };
            String family = Families.read(directory).family();
            return new ParityReport(family, reference.noiseFloor(), rows, reference.unread());
        }
    }

    private static List<ParityRow> ofDecoder(Path directory, ReferenceValues reference) throws IOException {
        try (DecoderModel model = DecoderModel.load(directory)) {
            return new DecoderParity(model, reference).rows();
        }
    }

    private static List<ParityRow> ofClassifier(Path directory, ReferenceValues reference) throws IOException {
        try (SequenceClassifier model = SequenceClassifier.load(directory)) {
            return new ClassifierParity(model, reference).rows();
        }
    }
}
