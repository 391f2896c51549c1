package io.goodhart.trainer.execute;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec.FitProbes;
import io.goodhart.domain.report.ProbeSweep.LabelledSource;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ReadPoint;
import io.goodhart.probing.direction.CosineMatrix;
import io.goodhart.probing.fit.LayerSweep;
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
import java.util.stream.IntStream;

/**
 * Sweeps layers and fits probes, each on responses of its own. A layer's validation AUC is the mean over the probes that
 * training may use (over all, if there are none), never over controls; each ranks the calibration responses of all of these probes, which no
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
        ProbeRecipe recipe = new ProbeRecipe(spec);
        LayerSweep sweep = LayerSweep.run(examples, judged, spec.aggregation(), (layer, probe, train) -> {
            context.stop().check();
            FittedProbe fit = recipe.fit(layer, probe, train, sets.get(probe).calibrating(layer));
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

    private static List<Integer> judged(List<ProbeRole> roles) {
        List<Integer> trained = new ArrayList<>();
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < roles.size(); i++) {
            if (roles.get(i) != ProbeRole.CONTROL) {
                all.add(i);
            }
            if (roles.get(i) == ProbeRole.TRAIN) {
                trained.add(i);
            }
        }
        return trained.isEmpty() ? all : trained;
    }

    private static void write(FitProbes spec, TaskContext context, List<LabelledSet> sets, Fitted fitted) {
        List<Probe> probes = new ArrayList<>();
        Map<String, Map<String, Object>> descriptions = new LinkedHashMap<>();
        Map<ProbeRole, Integer> numbers = new EnumMap<>(ProbeRole.class);
        ProbeRecipe recipe = new ProbeRecipe(spec);
        for (int i = 0; i < sets.size(); i++) {
            ProbeRole role = spec.roles().get(i);
            int number = numbers.merge(role, 1, Integer::sum) - 1;
            Activations.Source source = sets.get(i).activations().source();
            LabelledTexts fitting = sets.get(i).fitting(fitted.layer());
            LabelledTexts calibration = sets.get(i).calibrating(fitted.layer());
            ReadPoint point = new ReadPoint(source.model(), source.site(), fitted.layer(), source.pooling());
            Probe probe = recipe.probe(
                    wireName(role) + "-" + number, role, point, fitted.probes().get(i), calibration);
            probes.add(probe);
            Map<String, Object> description = new ProbeDescription(recipe, probe, fitting, calibration)
                    .of(
                            context.input("responses." + sets.get(i).probe()),
                            context.input("scores." + sets.get(i).probe()));
            descriptions.put(probe.name(), description);
            context.probe(new Message.Probe(
                    i, role, spec.probeKind(), source.site(), fitted.layer(), source.model(), description));
        }
        ProbeSet.write(context.output("probes"), probes);
        JsonLines.writeOne(context.output("sweep"), summary(spec, sets, fitted, probes, descriptions));
    }

    private static SweepSummary summary(
            FitProbes spec,
            List<LabelledSet> sets,
            Fitted fitted,
            List<Probe> probes,
            Map<String, Map<String, Object>> descriptions) {
        List<LabelledSet> own = IntStream.range(0, sets.size())
                .filter(i -> spec.roles().get(i) != ProbeRole.CONTROL) // which reads texts of another probe
                .mapToObj(sets::get)
                .toList();
        int responses = own.stream().mapToInt(set -> set.responses().size()).sum();
        int positives = own.stream().mapToInt(LabelledSet::positives).sum();
        Map<String, Integer> counts = new LinkedHashMap<>();
        counts.put("responses", responses);
        counts.put("positives", positives);
        counts.put("empty", own.stream().mapToInt(LabelledSet::empty).sum());
        Map<String, Double> aurocs = new LinkedHashMap<>();
        fitted.aurocs().forEach((layer, value) -> aurocs.put(Integer.toString(layer), value));
        return new SweepSummary(
                fitted.layer(),
                spec.site(),
                aurocs,
                responses == 0 ? 0 : positives / (double) responses,
                probes.stream().map(Probe::name).toList(),
                cosines(probes),
                counts,
                descriptions,
                spec.label() == null ? null : new LabelledSource(spec.dataset(), spec.label()));
    }

    /** Between the probes' directions; none if there are probes that have no single direction. */
    private static List<List<Double>> cosines(List<Probe> probes) {
        List<DenseVector> directions = probes.stream()
                .flatMap(probe -> probe.fit().linear().stream())
                .map(LinearFit::weight)
                .toList();
        return directions.size() < probes.size() ? List.of() : CosineMatrix.of(directions);
    }

    private static String wireName(ProbeRole role) {
        return role.name().toLowerCase(Locale.ROOT);
    }
}
