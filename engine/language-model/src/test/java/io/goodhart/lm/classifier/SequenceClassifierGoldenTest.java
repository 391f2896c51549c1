package io.goodhart.lm.classifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.lm.Expected;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Scope;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SequenceClassifierGoldenTest {
    @BeforeAll
    static void useOneThread() {
        ComputeThread.prepare(1);
    }

    static Stream<Path> models() {
        return Stream.of(
                        "bert",
                        "bert-multilabel",
                        "distilbert",
                        "distilbert-multilabel",
                        "roberta",
                        "roberta-multilabel")
                .map(name -> Fixtures.find("lm/" + name))
                .flatMap(Optional::stream);
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAndProbabilitiesAreThoseOfTheReference(Path folder) throws IOException {
        try (Expected expected = Expected.in(folder);
                SequenceClassifier classifier = SequenceClassifier.load(folder);
                Scope scope = Scope.open()) {
            double tolerance =
                    Expected.TOLERANCE * expected.json().path("logit_std").asDouble();
            for (String kind : List.of("single", "pair")) {
                float[] logits = classifier.logits(expected.typed(kind)).toFloats();
                float[] wanted = expected.floats(kind + ".logits");
                for (int i = 0; i < wanted.length; i++) {
                    assertThat((double) logits[i]).isCloseTo(wanted[i], within(tolerance));
                }
            }
            int labels = classifier.labels().size();
            float[] wanted = expected.floats("single.probabilities");
            double[][] ofTokens = classifier.probabilities(expected.typed("single"));
            List<String> texts = new ArrayList<>();
            expected.json().path("texts").forEach(text -> texts.add(text.asString()));
            List<Classification> ofTexts = classifier.classify(texts);
            int cut = texts.size() - 1; // the last one is cut at a length of the fixture's own
            for (int i = 0; i < wanted.length; i++) {
                assertThat(ofTokens[i / labels][i % labels]).isCloseTo(wanted[i], within(Expected.TOLERANCE));
                if (i / labels < cut) {
                    assertThat(ofTexts.get(i / labels).probabilities().get(i % labels))
                            .isCloseTo(wanted[i], within(Expected.TOLERANCE));
                }
            }
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
