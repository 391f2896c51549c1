package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.probing.Activations;
import io.goodhart.probing.Calibration;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ReadPoint;
import io.goodhart.probing.Standardiser;
import io.goodhart.probing.TokenActivations;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadingTest {
    private static final double CLOSED_FORM = 1e-6; // activations are float32
    private static final Probe PROBE = Probe.pooled(
            "train-0",
            ProbeRole.TRAIN,
            new ReadPoint(new ModelRevision("m", "a1".repeat(32)), Site.RESID_POST, 2, Pooling.MEAN),
            new LinearFit(ProbeSpec.Kind.LOGISTIC, Standardiser.identity(1), DenseVector.filled(1, 2), 0.5),
            Calibration.uncalibrated(0.5));

    @Test
    void reStandardisedProbeTakesMeanAndDeviationFromTheOtherTexts() {
        TokenActivations own = TokenActivations.of(Activations.of(new float[] {7, 9}, 2, 1), new int[] {0, 1, 2, 2});
        TokenActivations fixed =
                TokenActivations.pooled(Activations.of(new float[] {1, 5, 3, 3}, 4, 1)); // mean 3, σ = √2
        Reading.Texts texts = new Reading.Texts(TextSet.OWN, own, List.of(false, true, true), fixed);

        double[] frozen = Reading.of(PROBE, 0, texts, Transfer.FROZEN).probabilities();
        double[] moved = Reading.of(PROBE, 0, texts, Transfer.RE_STANDARDISED).probabilities();

        assertThat(frozen[0]).isCloseTo(sigmoid(2 * 7 + 0.5), within(CLOSED_FORM));
        assertThat(moved[0]).isCloseTo(sigmoid(2 * (7 - 3) / Math.sqrt(2) + 0.5), within(CLOSED_FORM));
        assertThat(moved[1]).isCloseTo(sigmoid(2 * (9 - 3) / Math.sqrt(2) + 0.5), within(CLOSED_FORM));
        assertThat(moved[2]).isNaN();
    }

    private static double sigmoid(double z) {
        return 1 / (1 + Math.exp(-z));
    }
}
