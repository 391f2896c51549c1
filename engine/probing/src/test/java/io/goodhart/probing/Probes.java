package io.goodhart.probing;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Probes for tests, of three features where it is not said. */
public final class Probes {
    private static final ModelRevision MODEL = new ModelRevision("models/tiny", "0f".repeat(32));
    private static final Standardiser STANDARDISER =
            new Standardiser(DenseVector.of(1.0, -2.0, 0.5), DenseVector.of(2.0, 0.5, 4.0));

    private Probes() {}

    /** Reads pooled means; not calibrated. */
    public static Probe of(RowProbe fit) {
        ReadPoint point = new ReadPoint(MODEL, Site.RESID_POST, 2, Pooling.MEAN);
        return Probe.pooled("probe", ProbeRole.TRAIN, point, fit, Calibration.uncalibrated(0.5));
    }

    /** Reads tokens; each aggregation that it has is calibrated. */
    public static Probe perToken(FittedProbe fit) {
        Map<Aggregation, Calibration> calibrations = new EnumMap<>(Aggregation.class);
        for (Aggregation aggregation : Aggregation.values()) {
            if (fit.supports(aggregation)) {
                calibrations.put(aggregation, new Calibration(2, -0.5, 0.25));
            }
        }
        ReadPoint point = new ReadPoint(MODEL, Site.RESID_POST, 2, Pooling.PER_TOKEN);
        return new Probe(
                fit.kind().toString(), ProbeRole.TRAIN, point, fit, fit.kind().ownAggregation(), calibrations);
    }

    public static LinearFit maximum() {
        return new LinearFit(ProbeSpec.Kind.MAX_POOLED, STANDARDISER, DenseVector.of(1.0, -0.5, 2.0), 0.25);
    }

    public static SubspaceFit subspace() {
        return new SubspaceFit(
                STANDARDISER,
                List.of(DenseVector.of(0.6, 0.8, 0.0), DenseVector.of(0.0, 0.0, 1.0)),
                DenseVector.of(1.5, -2.0),
                0.1);
    }

    public static MlpFit mlp() {
        return new MlpFit(
                STANDARDISER,
                List.of(DenseVector.of(1.0, 0.0, -1.0), DenseVector.of(0.5, 2.0, 0.0)),
                DenseVector.of(0.1, -0.2),
                DenseVector.of(2.0, -3.0),
                0.3);
    }

    public static AttentionFit attention() {
        return new AttentionFit(
                STANDARDISER,
                List.of(DenseVector.of(1.0, 0.0, 0.0), DenseVector.of(0.0, 0.0, 0.0)),
                List.of(DenseVector.of(0.0, 1.0, 0.0), DenseVector.of(0.0, 0.0, 2.0)),
                -0.4);
    }
}
