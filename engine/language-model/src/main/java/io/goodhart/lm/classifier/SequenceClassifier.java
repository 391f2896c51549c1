package io.goodhart.lm.classifier;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.Checkpoint;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.tokenize.EncodedPair;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.modelfiles.tokenize.Tokenizer.Specials;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** A text classifier with its tokenizer. Texts that are too long lose their end, and say so. */
public final class SequenceClassifier implements AutoCloseable {
    private static final int BATCH_TOKENS = 8192;

    private final ClassifierConfig config;
    private final Weights weights;
    private final Encoder encoder;
    private final Tokenizer tokenizer;
    private final int maxLength;

    private SequenceClassifier(ClassifierConfig config, Weights weights, Tokenizer tokenizer) {
        this.config = config;
        this.weights = weights;
        this.encoder = new Encoder(config, weights);
        this.tokenizer = tokenizer;
        this.maxLength = Math.min(config.context(), tokenizer.maxLength().orElse(config.context()));
    }

    /**
     * Loads a Hugging Face directory.
     *
     * @throws InvalidInputException with every problem, each naming the file or tensor it is about
     */
    public static SequenceClassifier load(Path directory) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            if (checkpoint.config() instanceof ClassifierConfig config) {
                Tokenizer tokenizer = Tokenizer.open(directory);
                return new SequenceClassifier(config, Weights.load(checkpoint), tokenizer);
            }
            throw new InvalidInputException(new Problem(
                    "model_not_a_classifier",
                    "config.json/architectures",
                    "%s is a %s language model, not a classifier"
                            .formatted(
                                    directory.getFileName(), checkpoint.config().family())));
        }
    }

    /** Names of the labels, in order. */
    public List<String> labels() {
        return config.labels();
    }

    /** Longest text in tokens, markers included. */
    public int maxLength() {
        return maxLength;
    }

    /** Classifies texts; batches are made of texts of like length. */
    public List<Classification> classify(List<String> texts) {
        List<TypedTokens> cut = new ArrayList<>();
        List<Boolean> truncated = new ArrayList<>();
        for (String text : texts) {
            int[] ids = tokenizer.encode(text, Specials.ADDED);
            boolean tooLong = ids.length > maxLength;
            cut.add(TypedTokens.of(tooLong ? tokenizer.encode(text, Specials.ADDED, maxLength) : ids));
            truncated.add(tooLong);
        }
        return classifications(cut, truncated);
    }

    /** Classifies pairs of texts; of a pair that is too long the longer text loses its end first. */
    public List<Classification> classifyPairs(List<TextPair> pairs) {
        List<TypedTokens> cut = new ArrayList<>();
        List<Boolean> truncated = new ArrayList<>();
        for (TextPair pair : pairs) {
            EncodedPair encoded = tokenizer.encodePair(pair.first(), pair.second());
            EncodedPair fitting = encoded.truncated(maxLength);
            cut.add(new TypedTokens(fitting.ids(), fitting.types()));
            truncated.add(fitting.size() < encoded.size());
        }
        return classifications(cut, truncated);
    }

    private List<Classification> classifications(List<TypedTokens> texts, List<Boolean> truncated) {
        double[][] probabilities = probabilities(texts);
        List<Classification> result = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            List<Double> ofText = Arrays.stream(probabilities[i]).boxed().toList();
            result.add(new Classification(ofText, truncated.get(i)));
        }
        return result;
    }

    /**
     * Probability of one label for each text.
     *
     * @throws InvalidInputException if there is no such label
     */
    public double[] probability(List<String> texts, String label) {
        int index = labels().indexOf(label);
        if (index < 0) {
            throw new InvalidInputException(new Problem(
                    "unknown_label", "label", "There is no label %s; known are %s".formatted(label, labels())));
        }
        return classify(texts).stream()
                .mapToDouble(result -> result.probabilities().get(index))
                .toArray();
    }

    /** Probabilities of all labels for token sequences, markers included. */
    public double[][] probabilities(List<TypedTokens> texts) {
        double[][] result = new double[texts.size()][];
        List<Integer> order = IntStream.range(0, texts.size())
                .boxed()
                .sorted(Comparator.comparingInt(i -> texts.get(i).length()))
                .toList();
        int from = 0;
        while (from < order.size()) {
            int to = from + 1;
            while (to < order.size()
                    && (to + 1 - from) * texts.get(order.get(to)).length() <= BATCH_TOKENS) {
                to++;
            }
            classify(order.subList(from, to), texts, result);
            from = to;
        }
        return result;
    }

    private void classify(List<Integer> batch, List<TypedTokens> texts, double[][] result) {
        try (Scope scope = Scope.open();
                Autograd.Mode paused = Autograd.paused()) {
            Tensor logits = encoder.logits(batch.stream().map(texts::get).toList());
            float[] values = (config.multiLabel() ? logits.sigmoid() : logits.softmax(1)).toFloats();
            int labels = labels().size();
            for (int i = 0; i < batch.size(); i++) {
                double[] ofText = new double[labels];
                for (int label = 0; label < labels; label++) {
                    ofText[label] = values[i * labels + label];
                }
                result[batch.get(i)] = ofText;
            }
        }
    }

    /** Scores [B,labels] of tokenised texts. The result belongs to the current scope. */
    public Tensor logits(List<TypedTokens> texts) {
        return encoder.logits(texts);
    }

    /** The embeddings and what stands behind each block, L + 1 tensors [B,T,D]. They belong to the current scope. */
    public List<Tensor> hidden(List<TypedTokens> texts) {
        return encoder.hidden(texts);
    }

    @Override
    public void close() {
        weights.close();
        tokenizer.close();
    }
}
