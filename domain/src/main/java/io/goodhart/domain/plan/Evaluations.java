package io.goodhart.domain.plan;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans evaluations: of the untrained model, at points of a training, and at its end. */
final class Evaluations {
    /** A curve has one refitted probe: there are many points. */
    private static final int REFITS_AT_A_POINT = 1;

    private final ExperimentSpec spec;
    private final PlanSeeds seeds;
    private final TaskGraph graph;
    private final Shared shared;
    private final PlannedTask fixedPoint;
    private final PlannedTask fixed;
    private final PlannedTask start;
    private final Final baseline;

    Evaluations(ExperimentSpec spec, TaskGraph graph, Shared shared, PlanSeeds seeds) {
        this.spec = spec;
        this.seeds = seeds;
        this.graph = graph;
        this.shared = shared;
        this.fixedPoint = evaluatePoint(null, null, "evaluate base, start");
        Final fixedTexts = evaluateFinal(null, null, "base");
        this.fixed = fixedTexts.evaluation();
        boolean ownSampling = seeds.variesSampling();
        this.start = ownSampling ? evaluatePoint(null, fixedPoint, "evaluate base, start, own sampling") : fixedPoint;
        this.baseline = ownSampling ? evaluateFinal(null, fixed, "base, own sampling") : fixedTexts;
    }

    /** The untrained model's evaluation that every curve starts with. */
    PlannedTask start() {
        return start;
    }

    /** The untrained model's final evaluation. */
    Final baseline() {
        return baseline;
    }

    PlannedTask atPoint(OutputRef weights, String label) {
        return evaluatePoint(weights, fixedPoint, label);
    }

    Final atEnd(OutputRef weights, String name) {
        return evaluateFinal(weights, fixed, name);
    }

    /** @param texts the evaluation whose responses every model reads; null: its own are those */
    private PlannedTask evaluatePoint(@Nullable OutputRef weights, @Nullable PlannedTask texts, String label) {
        EvaluationSpec evaluation = spec.evaluation();
        PromptSlice prompts = shared.allocation().evaluation();
        Map<String, TextSlice> corpora = new LinkedHashMap<>();
        shared.splits().corpora().forEach((name, slice) -> corpora.put(name, slice.first(evaluation.pointTexts())));
        return evaluate(
                new TaskSpec.Evaluate(
                        shared.model(),
                        prompts.part(0, Math.min(prompts.count(), evaluation.pointPrompts())),
                        spec.responses(),
                        texts == null ? seeds.fixedTexts() : seeds.evaluation(),
                        shared.scorer(),
                        spec.behaviour().threshold(),
                        corpora,
                        null,
                        refit(REFITS_AT_A_POINT),
                        null),
                inputs(weights, texts, REFITS_AT_A_POINT),
                label);
    }

    /** @param texts as for a point */
    private Final evaluateFinal(@Nullable OutputRef weights, @Nullable PlannedTask texts, String name) {
        Map<String, OutputRef> inputs = inputs(weights, texts, spec.probes().retrained());
        Optional<PlannedTask> retrained = retrain(weights, name);
        retrained.ifPresent(task -> inputs.put("retrained", task.output("probes")));
        long seed = texts == null ? seeds.fixedTexts() : seeds.evaluation();
        return new Final(evaluate(finalSpec(seed, null), inputs, "evaluate " + name + ", final"), retrained);
    }

    /** The untrained model's best of n: it shares the baseline's retrained probes, and its first samples. */
    Final best(Plan.RunRef run, ArmSpec.BestOfN arm) {
        Map<String, OutputRef> inputs = inputs(null, fixed, spec.probes().retrained());
        baseline.retrained().ifPresent(task -> inputs.put("retrained", task.output("probes")));
        boolean byProbes = arm.labelBy() == ArmSpec.LabelBy.PROBES;
        boolean drawn = arm.labelBy() == ArmSpec.LabelBy.RANDOM;
        putSamples(inputs, arm.n(), byProbes);
        TaskSpec.Selection selection = new TaskSpec.Selection(
                arm.labelBy(),
                byProbes ? Optional.ofNullable(arm.probes()).orElse(1) : 0,
                Optional.ofNullable(arm.combine()).orElse(ArmSpec.Combine.MEAN),
                drawn ? PlanSeeds.randomLabels(run.seed()) : 0,
                arm.points());
        String label = "evaluate %s%s, final".formatted(run.arm(), drawn ? ", seed " + run.seed() : "");
        return new Final(evaluate(finalSpec(seeds.evaluation(), selection), inputs, label), baseline.retrained());
    }

    private void putSamples(Map<String, OutputRef> inputs, int n, boolean captured) {
        PromptSlice prompts = shared.allocation().evaluation();
        for (int i = 0; i * Shared.SHARD < prompts.count(); i++) {
            int from = i * Shared.SHARD;
            PlannedTask generated = graph.add(
                    new TaskSpec.Generate(
                            shared.model(),
                            prompts.part(from, Math.min(Shared.SHARD, prompts.count() - from)),
                            n,
                            spec.responses(),
                            seeds.evaluation(),
                            shared.probeCapture()),
                    shared.probeLayerInput(),
                    "samples %d for the best of %d".formatted(i, n));
            PlannedTask scored = shared.score(generated, "scores of samples %d for the best of %d".formatted(i, n));
            inputs.put("best.responses." + i, generated.output("responses"));
            inputs.put("best.scores." + i, scored.output("scores"));
            if (captured) {
                inputs.put("best.activations." + i, generated.output("activations"));
            }
        }
    }

    private TaskSpec.Evaluate finalSpec(long seed, TaskSpec.@Nullable Selection selection) {
        return new TaskSpec.Evaluate(
                shared.model(),
                shared.allocation().evaluation(),
                spec.responses(),
                seed,
                shared.scorer(),
                spec.behaviour().threshold(),
                shared.splits().corpora(),
                shared.splits().labelled().orElse(null),
                refit(spec.probes().retrained()),
                selection);
    }

    private PlannedTask evaluate(TaskSpec.Evaluate evaluate, Map<String, OutputRef> inputs, String label) {
        return graph.add(evaluate, inputs, label);
    }

    private Map<String, OutputRef> inputs(@Nullable OutputRef weights, @Nullable PlannedTask fixedTexts, int refits) {
        Map<String, OutputRef> inputs = new LinkedHashMap<>();
        inputs.put("probes", shared.probes().output("probes"));
        for (int i = 0; i < Math.min(refits, spec.probes().retrained()); i++) {
            ProbeExamples examples = shared.retrained(i, Map.of(), "base");
            inputs.put("refit.responses." + i, examples.responses());
            inputs.put("refit.scores." + i, examples.scores());
        }
        if (weights != null) {
            inputs.put("weights", weights);
        }
        if (fixedTexts != null) {
            inputs.put("baseline.responses", fixedTexts.output("responses"));
            inputs.put("baseline.details", fixedTexts.output("details"));
        }
        return inputs;
    }

    /** Probes fitted from scratch on the responses and activations of the model at hand, or on labelled texts as it reads them. */
    private Optional<PlannedTask> retrain(@Nullable OutputRef weights, String name) {
        int number = spec.probes().retrained();
        if (number == 0) {
            return Optional.empty();
        }
        Map<String, OutputRef> fitInputs = new LinkedHashMap<>(shared.probeLayerInput());
        for (int i = 0; i < number; i++) {
            shared.retrained(i, weights == null ? Map.of() : Map.of("weights", weights), name)
                    .putInto(fitInputs, i);
        }
        return Optional.of(graph.add(
                shared.fitSpec(Collections.nCopies(number, ProbeRole.RETRAINED)),
                fitInputs,
                "retrain probes, " + name));
    }

    private TaskSpec.@Nullable FitProbes refit(int most) {
        int number = Math.min(most, spec.probes().retrained());
        return number == 0 ? null : shared.fitSpec(Collections.nCopies(number, ProbeRole.REFITTED));
    }

    /** A final evaluation and the probes that were refitted for it. */
    record Final(PlannedTask evaluation, Optional<PlannedTask> retrained) {}
}
