package io.goodhart.domain;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ProbeTextSpec;
import io.goodhart.domain.spec.ResponseSpec;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The fields of a probe specification, to be changed by tests; what is not set has the values of {@link Specs#probes}. */
public final class ProbeFields {
    public ProbeSpec.Kind kind = ProbeSpec.Kind.LOGISTIC;
    public Site site = Site.RESID_POST;
    public String layer = ProbeSpec.BEST;
    public @Nullable List<Integer> layers;
    public @Nullable Pooling pooling;
    public @Nullable Aggregation aggregation;
    public double c = 0.01;
    public int examples = 60;
    public int calibration = 20;
    public @Nullable Integer samplesPerPrompt = 2;
    public int train = 3;
    public int heldOut = 1;
    public int retrained = 1;
    public int permuted;
    public @Nullable Integer heads;
    public @Nullable Integer hidden;
    public @Nullable Integer directions;
    public ProbeSpec.ClassWeights classWeights = ProbeSpec.ClassWeights.NONE;
    public ProbeSpec.CalibrationMethod calibrationMethod = ProbeSpec.CalibrationMethod.ACCURACY;
    public ProbeSpec.@Nullable ThresholdRule threshold;
    public @Nullable ResponseSpec responses;

    public @Nullable ProbeTextSpec labelledTexts;

    private ProbeFields() {}

    public static ProbeSpec probes(Consumer<ProbeFields> change) {
        ProbeFields f = new ProbeFields();
        change.accept(f);
        return new ProbeSpec(
                f.kind,
                f.site,
                f.layer,
                f.layers,
                f.pooling,
                f.aggregation,
                f.c,
                f.examples,
                f.calibration,
                f.samplesPerPrompt,
                f.train,
                f.heldOut,
                f.retrained,
                f.permuted,
                f.heads,
                f.hidden,
                f.directions,
                f.classWeights,
                f.calibrationMethod,
                f.threshold,
                f.responses,
                f.labelledTexts);
    }
}
