package io.goodhart.trainer.execute;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec.FitProbes;
import io.goodhart.domain.spec.ProbeSpec.CalibrationMethod;
import io.goodhart.domain.spec.ProbeSpec.ThresholdRule;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.probing.Calibration;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ReadPoint;
import io.goodhart.probing.fit.PlattScaling;
import io.goodhart.probing.fit.ProbeFitting;
import io.goodhart.probing.fit.ThresholdCalibration;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** How the probes of one task are fitted and calibrated; the same for probes of the untrained and of trained models. */
record ProbeRecipe(FitProbes spec) {
    /** Fits probe number {@code probe} at a layer; a control to its texts' labels in a shuffled order. */
    FittedProbe fit(int layer, int probe, LabelledTexts examples, LabelledTexts calibration) {
        boolean control = spec.roles().get(probe) == ProbeRole.CONTROL;
        LabelledTexts training = control ? examples.labelled(shuffled(examples.labels(), probe)) : examples;
        LabelledTexts stopping = control ? calibration.labelled(shuffled(calibration.labels(), probe)) : calibration;
        try {
            return new ProbeFitting(spec.probeKind(), spec.size(), spec.c(), spec.classWeights())
                    .fit(training, stopping, Seeds.derive(spec.seed(), "probe %d/layer %d".formatted(probe, layer)));
        } catch (InvalidInputException e) {
            throw new TaskFailedException(
                    FailureCode.INVALID_INPUT,
                    "Probe %d cannot be fitted at layer %d: %s".formatted(probe, layer, e.getMessage()),
                    e);
        }
    }

    private boolean[] shuffled(boolean[] labels, int probe) {
        int[] order = Seeds.permutation(labels.length, Seeds.derive(spec.seed(), "shuffled labels/probe " + probe));
        boolean[] shuffled = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            shuffled[i] = labels[order[i]];
        }
        return shuffled;
    }

    /** The probe as it is kept, calibrated for its own aggregation and, where it reads tokens, for every other. */
    Probe probe(String name, ProbeRole role, ReadPoint point, FittedProbe fit, LabelledTexts calibration) {
        Map<Aggregation, Calibration> calibrations = new EnumMap<>(Aggregation.class);
        List<Aggregation> all =
                spec.pooling() == Pooling.PER_TOKEN ? List.of(Aggregation.values()) : List.of(spec.aggregation());
        for (Aggregation aggregation : all) {
            if (fit.supports(aggregation)) {
                double[] logits = fit.logits(calibration.activations(), aggregation);
                calibrations.put(aggregation, calibration(calibration.labels(), logits));
            }
        }
        return new Probe(name, role, point, fit, spec.aggregation(), calibrations);
    }

    private Calibration calibration(boolean[] labels, double[] logits) {
        Calibration uncalibrated = Calibration.uncalibrated(0.5);
        if (labels.length == 0) {
            return uncalibrated;
        }
        Calibration scale = switch (spec.calibration()) {
            case ACCURACY -> uncalibrated;
            case PLATT -> PlattScaling.of(labels, logits).orElse(uncalibrated);
        };
        return scale.withThreshold(
                threshold(labels, scale.probabilities(logits)).threshold());
    }

    private ThresholdCalibration threshold(boolean[] labels, double[] probabilities) {
        ThresholdRule rule = spec.thresholdRule();
        if (rule == null) {
            return ThresholdCalibration.of(labels, probabilities);
        }
        try {
            return ThresholdCalibration.atFalsePositiveRate(labels, probabilities, rule.fpr());
        } catch (InvalidInputException e) {
            throw new TaskFailedException(FailureCode.INVALID_INPUT, String.valueOf(e.getMessage()), e);
        }
    }

    /** Whether logits were to be scaled, but could not be without losing their order. */
    boolean lacksScale(Probe probe) {
        return spec.calibration() == CalibrationMethod.PLATT
                && probe.calibration().slope() == 1
                && probe.calibration().intercept() == 0;
    }
}
