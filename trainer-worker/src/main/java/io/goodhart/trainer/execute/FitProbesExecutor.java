package io.goodhart.trainer.execute;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec.FitProbes;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LinearProbe;
import io.goodhart.probing.ReadPoint;
import io.goodhart.probing.direction.CosineMatrix;
import io.goodhart.probing.fit.ClassWeights;
import io.goodhart.probing.fit.LayerSweep;
import io.goodhart.probing.fit.LogisticRegression;
import io.goodhart.probing.fit.MeanDifference;
import io.goodhart.probing.fit.ThresholdCalibration;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.artifact.SweepSummary;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import io.goodhart.trainer.protocol.Message;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Sweeps layers and fits probes, each on responses of its own. A layer's validation AUC is the mean over the probes that
 * training may use (over all, if there are none); each ranks the calibration responses of all of these probes, which no
 * probe was fitted on.
 */
final class FitProbesExecutor implements TaskExecutor<FitProbes> {
    @Override
    public void execute(FitProbes spec, TaskContext context) {
        List<LabelledSet> sets = read(spec, context);
        OptionalInt fixed = fixedLayer(spec, context);
        if (sets.isEmpty()) {
            write(spec, context, sets, new Fitted(fixed.orElseThrow(), List.of(), Map.of()));
            return;
        }
        List<Integer> layers = fixed.isPresent()
                ? List.of(fixed.getAsInt())
                : List.copyOf(sets.getFirst().activations().layers());
        Stages stages = context.stages().plan("fitting", "probes", (long) layers.size() * sets.size(), 1);
        stages.start("fitting");
        AtomicLong fitted = new AtomicLong();
        List<Integer> judged = judged(spec.roles().subList(0, sets.size()));
        Iterable<LayerSweep.Layer> examples = () ->
                layers.stream().map(layer -> examples(layer, sets, judged)).iterator();
        LayerSweep sweep = LayerSweep.run(examples, judged, (layer, probe, train) -> {
            context.stop().check();
            FittedProbe fit = fit(spec, layer, probe, train);
            stages.done(fitted.incrementAndGet());
            return fit;
        });
        LayerSweep.Result chosen = fixed.isPresent()
                ? sweep.layers().getFirst()
                : sweep.best()
                        .orElseThrow(() -> TaskFailedException.invalidInput(
                                "No layer can be chosen: the calibration responses are all positive or all negative"));
        write(spec, context, sets, new Fitted(chosen.layer(), chosen.probes(), aurocs(sweep)));
    }

    /**
     * The sets that a probe is fitted on, all of them but those of retrained probes that lack a class: training may have taken
     * every positive from the responses, and that is for the report to say.
     */
    private static List<LabelledSet> read(FitProbes spec, TaskContext context) {
        List<LabelledSet> sets = new ArrayList<>();
        for (int i = 0; i < spec.roles().size(); i++) {
            LabelledSet set = LabelledSet.read(context, i, spec.threshold(), spec.fitPrompts());
            set.require(spec.site(), spec.pooling());
            if (set.isFittable() || spec.roles().get(i) != ProbeRole.RETRAINED) {
                sets.add(set);
            }
        }
        return sets;
    }

    private record Fitted(int layer, List<FittedProbe> probes, Map<Integer, Double> aurocs) {}

    private static LayerSweep.Layer examples(int layer, List<LabelledSet> sets, List<Integer> judged) {
        return new LayerSweep.Layer(
                layer,
                sets.stream().map(set -> set.fitting(layer)).toList(),
                judged.stream().map(i -> sets.get(i).calibrating(layer)).toList());
    }

    private static Map<Integer, Double> aurocs(LayerSweep sweep) {
        Map<Integer, Double> aurocs = new TreeMap<>();
        sweep.layers().forEach(result -> result.validationAuc().ifPresent(value -> aurocs.put(result.layer(), value)));
        return aurocs;
    }

    private static OptionalInt fixedLayer(FitProbes spec, TaskContext context) {
        Integer named = spec.layer();
        if (named != null) {
            return OptionalInt.of(named);
        }
        return context.optionalInput("probes")
                .map(path -> OptionalInt.of(ProbeSet.read(path).layer()))
                .orElse(OptionalInt.empty());
    }

    static FittedProbe fit(FitProbes spec, int layer, int probe, LabelledActivations examples) {
        try {
            return switch (spec.probeKind()) {
                case LOGISTIC -> new LogisticRegression(spec.c(), ClassWeights.EQUAL).fit(examples);
                case MEAN_DIFFERENCE -> MeanDifference.standardised(examples);
            };
        } catch (InvalidInputException e) {
            throw new TaskFailedException(
                    FailureCode.INVALID_INPUT,
                    "Probe %d cannot be fitted at layer %d: %s".formatted(probe, layer, e.getMessage()),
                    e);
        }
    }

    private static List<Integer> judged(List<ProbeRole> roles) {
        List<Integer> trained = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < roles.size(); i++) {
            all.add(i);
            if (roles.get(i) == ProbeRole.TRAIN) {
                trained.add(i);
            }
        }
        return trained.isEmpty() ? all : trained;
    }

    private static void write(FitProbes spec, TaskContext context, List<LabelledSet> sets, Fitted fitted) {
        List<LinearProbe> probes = new ArrayList<>();
        Map<String, Map<String, Object>> descriptions = new LinkedHashMap<>();
        Map<ProbeRole, Integer> numbers = new EnumMap<>(ProbeRole.class);
        for (int i = 0; i < sets.size(); i++) {
            ProbeRole role = spec.roles().get(i);
            int number = numbers.merge(role, 1, Integer::sum) - 1;
            Activations.Source source = sets.get(i).activations().source();
            LabelledActivations calibration = sets.get(i).calibrating(fitted.layer());
            FittedProbe fit = fitted.probes().get(i);
            ThresholdCalibration threshold = threshold(fit, calibration);
            String name = wireName(role) + "-" + number;
            ReadPoint point = new ReadPoint(source.model(), source.site(), fitted.layer(), source.pooling());
            probes.add(new LinearProbe(name, role, point, fit, threshold.threshold()));
            Map<String, Object> description =
                    describe(sets.get(i).fitting(fitted.layer()), calibration, fit, threshold);
            descriptions.put(name, description);
            context.probe(new Message.Probe(
                    i, role, spec.probeKind(), source.site(), fitted.layer(), source.model(), description));
        }
        ProbeSet.write(context.output("probes"), probes);
        JsonLines.writeOne(context.output("sweep"), summary(spec, sets, fitted, probes, descriptions));
    }

    static ThresholdCalibration threshold(FittedProbe fit, LabelledActivations calibration) {
        return calibration.n() == 0
                ? new ThresholdCalibration(0.5, 0)
                : ThresholdCalibration.of(calibration.labels(), fit.probabilities(calibration.activations()));
    }

    private static Map<String, Object> describe(
            LabelledActivations fitting,
            LabelledActivations calibration,
            FittedProbe fit,
            ThresholdCalibration threshold) {
        Map<String, Object> description = new TreeMap<>();
        description.put("examples", fitting.n());
        description.put("positives", fitting.positives());
        description.put("calibration_examples", calibration.n());
        description.put("calibration_positives", calibration.positives());
        description.put("threshold", threshold.threshold());
        description.put("calibration_accuracy", threshold.accuracy());
        LayerSweep.auc(fit, List.of(calibration)).ifPresent(value -> description.put("calibration_auroc", value));
        return description;
    }

    private static SweepSummary summary(
            FitProbes spec,
            List<LabelledSet> sets,
            Fitted fitted,
            List<LinearProbe> probes,
            Map<String, Map<String, Object>> descriptions) {
        int responses = sets.stream().mapToInt(set -> set.responses().size()).sum();
        int positives = sets.stream().mapToInt(LabelledSet::positives).sum();
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("responses", responses);
        counts.put("positives", positives);
        counts.put("empty", sets.stream().mapToInt(LabelledSet::empty).sum());
        Map<String, Double> aurocs = new LinkedHashMap<>();
        fitted.aurocs().forEach((layer, value) -> aurocs.put(Integer.toString(layer), value));
        return new SweepSummary(
                fitted.layer(),
                spec.site(),
                aurocs,
                responses == 0 ? 0 : positives / (double) responses,
                probes.stream().map(LinearProbe::name).toList(),
                CosineMatrix.of(probes.stream()
                                .map(probe -> probe.fit().weight())
                                .toList())
                        .rows(),
                counts,
                descriptions);
    }

    private static String wireName(ProbeRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
