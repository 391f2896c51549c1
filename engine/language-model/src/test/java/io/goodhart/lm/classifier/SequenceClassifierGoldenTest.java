package io.goodhart.lm.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.lm.Expected;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SequenceClassifierGoldenTest {
    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    /** Logits and hidden states of token ids are in {@code ParityGoldenTest}; here are texts. */
    @ParameterizedTest
    @ValueSource(strings = {"bert", "distilbert", "roberta"})
    void textsAndPairsGetTheProbabilitiesOfTheReference(String name) throws IOException {
        Path folder = Fixtures.path("lm/small/" + name);
        try (Expected expected = Expected.in(folder);
                SequenceClassifier classifier = SequenceClassifier.load(folder)) {
            List<String> texts = new ArrayList<>();
            expected.json().path("texts").forEach(text -> texts.add(text.asString()));
            List<TextPair> pairs = new ArrayList<>();
            expected.json()
                    .path("pair_texts")
                    .forEach(pair -> pairs.add(
                            new TextPair(pair.path(0).asString(), pair.path(1).asString())));
            check(expected.floats("single.probabilities"), classifier.classify(texts));
            check(expected.floats("pair.probabilities"), classifier.classifyPairs(pairs));
        }
    }

    private static void check(float[] expected, List<Classification> actual) {
        int labels = expected.length / actual.size();
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.get(i / labels).probabilities().get(i % labels))
                    .isCloseTo(expected[i], within(Expected.TOLERANCE));
            assertThat(actual.get(i / labels).truncated()).isFalse();
        }
    }

    @Test
    void labelsWithoutNamesAreNumberedAsTransformersDoes() throws IOException {
        try (SequenceClassifier classifier = SequenceClassifier.load(Fixtures.path("lm/small/roberta"))) {
            assertThat(classifier.labels()).containsExactly("LABEL_0", "LABEL_1", "LABEL_2");
        }
    }

    @Test
    void ofAPairThatIsTooLongTheLongerTextLosesItsEnd() throws IOException {
        try (SequenceClassifier classifier = SequenceClassifier.load(Fixtures.path("lm/small/bert"))) {
            String shorter = "it was a good day";
            int room = classifier.maxLength() - 3 - 5; // [CLS], two [SEP]
            String fitting = "the ".repeat(room).strip();
            List<Classification> results = classifier.classifyPairs(
                    List.of(new TextPair(shorter, fitting), new TextPair(shorter, fitting + " old boat")));
            assertThat(results).extracting(Classification::truncated).containsExactly(false, true);
            assertThat(results.get(1).probabilities()).isEqualTo(results.get(0).probabilities());
        }
    }

    @Test
    void longTextsLoseTheirEndAndSaySo() throws IOException {
        try (SequenceClassifier classifier = SequenceClassifier.load(Fixtures.model("tiny-toxicity"))) {
            List<Classification> results = classifier.classify(List.of("good morning ".repeat(200), "good morning"));
            assertThat(results).extracting(Classification::truncated).containsExactly(true, false);
            assertThat(classifier.maxLength()).isEqualTo(128);
            assertThat(classifier.probability(List.of("good morning"), "toxic")[0])
                    .isCloseTo(results.get(1).probabilities().get(1), within(Expected.TOLERANCE)); // padded or not
            assertThatThrownBy(() -> classifier.probability(List.of(""), "rude"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("rude");
        }
    }
}
