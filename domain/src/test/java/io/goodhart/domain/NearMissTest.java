package io.goodhart.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearMissTest {
    @ParameterizedTest
    @CsvSource({
        "model, model, 0",
        "modle, model, 2",
        "mdel, model, 1",
        "models, model, 1",
        "mobel, model, 1",
        "'', model, 5",
        "kitten, sitting, 3",
        "layer, probes, 5"
    })
    void distanceIsTheNumberOfChangedLettersWhicheverWordIsFirst(String a, String b, int distance) {
        assertThat(NearMiss.distance(a, b)).isEqualTo(distance);
        assertThat(NearMiss.distance(b, a)).isEqualTo(distance);
    }

    @Test
    void nearestNameWithinTwoLettersIsMeant() {
        List<String> names = List.of("model", "layers", "layer", "top_k", "top_p", "k");
        assertThat(NearMiss.of("modle", names)).contains("model");
        assertThat(NearMiss.of("layr", names)).contains("layer");
        assertThat(NearMiss.of("mo", names)).isEmpty();
        assertThat(NearMiss.of("epochs", names)).isEmpty();
    }

    @Test
    void nothingIsMeantWhereTwoNamesAreEquallyNearOrNoLetterIsLeft() {
        assertThat(NearMiss.of("top_q", List.of("top_k", "top_p"))).isEmpty();
        assertThat(NearMiss.of("x", List.of("k"))).isEmpty();
    }

    @Test
    void unknownFieldNamesWhatIsThereAndWhatWasMeant() {
        assertThat(Problem.unknownField("a.modle", "modle", List.of("seeds", "model")))
                .isEqualTo(new Problem(
                        "unknown_field",
                        "a.modle",
                        "No field has this name here, did you mean model? There are model, seeds"));
        assertThat(Problem.unknownField("epochs", "epochs", List.of("seeds")).message())
                .isEqualTo("No field has this name here; there are seeds");
        assertThat(Problem.unknownField(null, "epochs", List.of()).message()).isEqualTo("No field has this name here");
    }
}
