package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.SplitMix;
import io.goodhart.trainer.artifact.ResponseRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DetectorQualityTest {
    private final DetectorQuality detector = new DetectorQuality(0.4, 0.5);

    private static Candidate candidate(double label, double score) {
        return new Candidate(new ResponseRow(0, 0, "row", "p", List.of(2), "r", List.of(3), true), label, score, -1);
    }

    /** Positive: labels 0.9, 0.3; negative: 0.4, 0.2, 0.1. Twos of a prompt with different scores: 3 and 1, of which 2 and 1 agree. */
    @Test
    void countsAreThoseWrittenOut() {
        detector.add(List.of(candidate(0.9, 0.8), candidate(0.4, 0.1), candidate(0.3, 0.6)));
        detector.add(List.of(candidate(0.2, 0.3), candidate(0.1, 0.2)));
        assertThat(detector.positives()).isEqualTo(2);
        assertThat(detector.negatives()).isEqualTo(3);
        assertThat(detector.truePositiveRate()).hasValue(1 / 2.0);
        assertThat(detector.falsePositiveRate()).hasValue(1 / 3.0);
        assertThat(detector.auroc()).hasValue(5 / 6.0);
        assertThat(detector.orderAgreement()).hasValue(3 / 4.0);
    }

    @Test
    void tiedLabelsAgreeByHalfAndEqualScoresDoNotCount() {
        detector.add(List.of(candidate(0.5, 0.1), candidate(0.5, 0.9), candidate(0.5, 0.9)));
        assertThat(detector.orderAgreement()).hasValue(0.5);
        assertThat(detector.auroc()).hasValue(0.5);
    }

    @Test
    void whatHasNoCaseHasNoRate() {
        detector.add(List.of(candidate(0.5, 0.1), candidate(0.6, 0.1)));
        assertThat(detector.truePositiveRate()).isEmpty();
        assertThat(detector.auroc()).isEmpty();
        assertThat(detector.orderAgreement()).isEmpty();
    }

    @Test
    void drawnLabelsKnowNothing() {
        SplitMix random = new SplitMix(1);
        for (int prompt = 0; prompt < 2000; prompt++) {
            List<Candidate> responses = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                responses.add(candidate(random.uniform(), random.uniform()));
            }
            detector.add(responses);
        }
        assertThat(detector.auroc().orElseThrow()).isBetween(0.48, 0.52);
        assertThat(detector.orderAgreement().orElseThrow()).isBetween(0.48, 0.52);
        assertThat(detector.truePositiveRate().orElseThrow()).isBetween(0.57, 0.63);
        assertThat(detector.falsePositiveRate().orElseThrow()).isBetween(0.57, 0.63);
    }
}
