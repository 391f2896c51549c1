package io.goodhart.lm.parity;

import io.goodhart.lm.classifier.SequenceClassifier;
import io.goodhart.lm.classifier.TypedTokens;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a classifier has to agree in: texts ({@code single.*}) and pairs of texts ({@code pair.*}). */
final class ClassifierParity {
    private final SequenceClassifier model;
    private final ReferenceValues reference;
    private final Differences differences;

    ClassifierParity(SequenceClassifier model, ReferenceValues reference) {
        this.model = model;
        this.reference = reference;
        this.differences = new Differences(reference);
    }

    List<ParityRow> rows() {
        for (String kind : List.of("single", "pair")) {
            if (reference.has(kind + ".input_ids")) {
                compare(kind);
            }
        }
        return differences.rows();
    }

    private void compare(String kind) {
        List<TypedTokens> texts = texts(kind);
        try (Scope scope = Scope.open()) {
            compareHidden(kind, model.hidden(texts));
            float[] logits = model.logits(texts).toFloats();
            differences.everywhere(kind + ".logits", logits, reference.floats(kind + ".logits"));
            if (reference.has(kind + ".probabilities")) {
                differences.plain(kind + ".probabilities", flat(model.probabilities(texts)));
            }
        }
    }

    /** The expected tensors may be padded further than the longest text. */
    private void compareHidden(String kind, List<Tensor> hidden) {
        for (int i = 0; i < hidden.size(); i++) {
            String name = "%s.hidden.%d".formatted(kind, i);
            if (!reference.has(name)) {
                continue;
            }
            long[] shape = reference.shape(name);
            Tensor actual = hidden.get(i);
            long missing = shape[1] - actual.size(1);
            Tensor padded = missing > 0
                    ? Tensors.concat(1, actual, Tensors.zeros(actual.size(0), missing, actual.size(2)))
                    : actual;
            differences.atTokens(name, padded, kind);
        }
    }

    private List<TypedTokens> texts(String kind) {
        List<int[]> ids = reference.atTokens(kind, "input_ids");
        List<TypedTokens> texts = new ArrayList<>();
        boolean typed = reference.has(kind + ".token_type_ids");
        List<int[]> types = typed ? reference.atTokens(kind, "token_type_ids") : List.of();
        for (int row = 0; row < ids.size(); row++) {
            texts.add(typed ? new TypedTokens(ids.get(row), types.get(row)) : TypedTokens.of(ids.get(row)));
        }
        return texts;
    }

    private static float[] flat(double[][] rows) {
        double[] values = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        float[] result = new float[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) values[i];
        }
        return result;
    }
}
