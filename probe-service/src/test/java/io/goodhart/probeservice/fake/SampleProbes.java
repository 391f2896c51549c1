package io.goodhart.probeservice.fake;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.probing.Calibration;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ReadPoint;
import io.goodhart.probing.Standardiser;
import java.util.Arrays;
import java.util.Map;

/** Probes of known numbers. */
public final class SampleProbes {
    private static final String SHA256 = "ab".repeat(32);

    private SampleProbes() {}

    /** Reads x of three features as log-odds x₀ + 2x₁ − 3x₂ + 0.5, and flags from probability 0.75 on. */
    public static Probe ofThreeFeatures(ProbeRole role) {
        LinearFit fit = new LinearFit(
                ProbeSpec.Kind.LOGISTIC,
                new Standardiser(DenseVector.of(0.0, 1.0, 0.0), DenseVector.of(1.0, 0.5, 2.0)),
                DenseVector.of(1.0, 1.0, -6.0),
                2.5);
        ReadPoint point = new ReadPoint(new ModelRevision("models/m", SHA256), Site.RESID_POST, 2, Pooling.MEAN);
        return Probe.pooled(role.name(), role, point, fit, Calibration.uncalibrated(0.75));
    }

    /** Reads the same log-odds of each token; the highest counts. Of the mean of tokens it flags anything. */
    public static Probe ofTokens(ModelRevision model, Site site, LinearFit fit) {
        ReadPoint point = new ReadPoint(model, site, 0, Pooling.PER_TOKEN);
        Map<Aggregation, Calibration> calibrations =
                Map.of(Aggregation.MAX, new Calibration(2, -1, 0.75), Aggregation.MEAN, Calibration.uncalibrated(0));
        return new Probe("tokens", ProbeRole.TRAIN, point, fit, Aggregation.MAX, calibrations);
    }

    /** As {@link #ofThreeFeatures}, token by token. */
    public static Probe ofTokensOfThreeFeatures() {
        LinearFit fit = ofThreeFeatures(ProbeRole.TRAIN).fit().linear().orElseThrow();
        return ofTokens(new ModelRevision("models/m", SHA256), Site.FINAL_NORM, fit);
    }

    /** Weights that differ from feature to feature and from probe to probe. */
    public static Probe wide(String name, ProbeRole role, ReadPoint point, int d) {
        double[] mean = new double[d];
        double[] scale = new double[d];
        double[] weight = new double[d];
        Arrays.setAll(mean, j -> 0.1 * Math.sin(j));
        Arrays.setAll(scale, j -> 1.5 + Math.cos(2.0 * j));
        Arrays.setAll(weight, j -> 0.05 * Math.sin(1 + j * (1.0 + point.layer())));
        Standardiser standardiser = new Standardiser(DenseVector.of(mean), DenseVector.of(scale));
        LinearFit fit = new LinearFit(ProbeSpec.Kind.LOGISTIC, standardiser, DenseVector.of(weight), -0.2);
        return Probe.pooled(name, role, point, fit, Calibration.uncalibrated(0.5));
    }
}
