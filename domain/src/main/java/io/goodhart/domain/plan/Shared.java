package io.goodhart.domain.plan;

import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelRule;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.ProbeSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** What every arm of an experiment shares, and every seed that does not vary it: the base model's responses, their scores, and the probes. */
final class Shared {
    /** Prompts of one task that samples candidates for pairs: enough for full batches, few enough to spread. */
    static final int SHARD = 100;

    /** Labels of texts are 1 or 0. */
    private static final double LABEL_THRESHOLD = 0.5;

    private final ExperimentSpec spec;
    private final PlanSeeds seeds;
    private final Splits splits;
    private final TaskGraph graph;
    private final ModelRevision model;
    private final Scorer scorer;
    private final PlannedTask probes;
    private final List<Candidates> candidates;

    Shared(ExperimentSpec spec, ExperimentFacts facts, TaskGraph graph, PlanSeeds seeds) {
        this.spec = spec;
        this.seeds = seeds;
        this.splits = Splits.of(spec, facts, seeds.probeSet());
        this.graph = graph;
        this.model = facts.model().revision();
        this.scorer = facts.scorer();
        this.probes = fitProbes(facts.model().layers());
        this.candidates = samplesPairs() ? sampleCandidates() : List.of();
    }

    ModelRevision model() {
        return model;
    }

    Scorer scorer() {
        return scorer;
    }

    PromptAllocation allocation() {
        return splits.prompts();
    }

    Splits splits() {
        return splits;
    }

    PlannedTask probes() {
        return probes;
    }

    /** What a task captures that must read the layer of the fitted probes. */
    TaskSpec.Capture probeCapture() {
        Integer fixed = spec.probes().fixedLayer();
        return new TaskSpec.Capture(
                spec.probes().site(),
                fixed == null ? List.of() : List.of(fixed),
                spec.probes().pooling());
    }

    /** Inputs of a task with {@link #probeCapture}: the probes, unless the layer is known without them. */
    Map<String, OutputRef> probeLayerInput() {
        return spec.probes().fixedLayer() == null ? Map.of("probes", probes.output("probes")) : Map.of();
    }

    TaskSpec.FitProbes fitSpec(List<ProbeRole> roles) {
        ProbeSpec probe = spec.probes();
        Optional<TextSlice> texts = splits.probeTexts().map(all -> all.fitted().texts());
        return new TaskSpec.FitProbes(
                probe.kind(),
                probe.size(),
                probe.site(),
                probe.pooling(),
                probe.rowAggregation(),
                probe.fixedLayer(),
                probe.c(),
                probe.classWeights(),
                probe.calibrationMethod(),
                probe.threshold(),
                probe.fitPrompts(),
                roles,
                texts.isPresent() ? LABEL_THRESHOLD : spec.behaviour().threshold(),
                PlanSeeds.probes(spec),
                texts.map(TextSlice::dataset)
                        .orElse(splits.prompts().evaluation().dataset()),
                texts.isPresent() ? null : spec.prompts().template(),
                texts.flatMap(TextSlice::rule).map(LabelRule::describe).orElse(null));
    }

    /** Preference pairs of one run: the same for every seed, unless labels are drawn. */
    PlannedTask pairs(Plan.RunRef run, ArmSpec.Dpo dpo) {
        return dpo.readsPairs() ? readPairs(run) : buildPairs(run, dpo);
    }

    private PlannedTask readPairs(Plan.RunRef run) {
        return graph.add(new TaskSpec.ReadPairs(model, splits.pairs().orElseThrow()), Map.of(), "pairs " + run.arm());
    }

    private PlannedTask buildPairs(Plan.RunRef run, ArmSpec.Dpo dpo) {
        PairSpec pairs = Optional.ofNullable(spec.pairs()).orElseThrow();
        boolean drawn = dpo.labelBy() == ArmSpec.LabelBy.RANDOM;
        boolean byProbes = dpo.labelBy() == ArmSpec.LabelBy.PROBES;
        Map<String, OutputRef> inputs = new LinkedHashMap<>();
        for (int i = 0; i < candidates.size(); i++) {
            Candidates shard = candidates.get(i);
            inputs.put("responses." + i, shard.generated().output("responses"));
            inputs.put("scores." + i, shard.scored().output("scores"));
            inputs.put("log_probs." + i, shard.logProbs().output("log_probs"));
            if (byProbes) {
                inputs.put("activations." + i, shard.generated().output("activations"));
            }
        }
        if (byProbes) {
            inputs.put("probes", probes.output("probes"));
        }
        return graph.add(
                new TaskSpec.BuildPairs(
                        dpo.labelBy(),
                        byProbes ? Optional.ofNullable(dpo.probes()).orElse(1) : 0,
                        Optional.ofNullable(dpo.combine()).orElse(ArmSpec.Combine.MEAN),
                        pairs.ties(),
                        pairs.margin(),
                        spec.behaviour().threshold(),
                        pairSeed(run, drawn, pairs.ties())),
                inputs,
                "pairs " + run.arm() + (drawn ? ", seed " + run.seed() : ""));
    }

    private long pairSeed(Plan.RunRef run, boolean drawn, PairSpec.Ties ties) {
        if (drawn) {
            return PlanSeeds.randomLabels(run.seed());
        }
        return ties == PairSpec.Ties.RANDOM ? PlanSeeds.ties(spec) : 0;
    }

    private PlannedTask fitProbes(int layers) {
        Map<String, OutputRef> inputs = new LinkedHashMap<>();
        TaskSpec.Capture capture = sweepCapture(layers);
        int probes = spec.probes().train() + spec.probes().heldOut();
        for (int i = 0; i < probes; i++) {
            int subset = i;
            String name = "probe " + i;
            ProbeExamples examples = splits.probeTexts()
                    .map(texts -> read(texts.probes().get(subset), capture, Map.of(), name))
                    .orElseGet(() -> sample(splits.prompts().probes().get(subset), capture, Map.of(), name));
            examples.putInto(inputs, i);
            if (i < spec.probes().permuted()) { // a control reads a training probe's texts
                examples.putInto(inputs, probes + i);
            }
        }
        List<ProbeRole> roles =
                new ArrayList<>(Collections.nCopies(spec.probes().train(), ProbeRole.TRAIN));
        roles.addAll(Collections.nCopies(spec.probes().heldOut(), ProbeRole.HELD_OUT));
        roles.addAll(Collections.nCopies(spec.probes().permuted(), ProbeRole.CONTROL));
        return graph.add(fitSpec(roles), inputs, "fit probes");
    }

    /**
     * What retrained or refitted probe i is fitted on, as a model reads it: labelled texts, or the model's own responses.
     *
     * @param inputs the model's weights, if it is not the base model
     */
    ProbeExamples retrained(int i, Map<String, OutputRef> inputs, String model) {
        String name = "retrained probe %d, %s".formatted(i, model);
        Map<String, OutputRef> all = new LinkedHashMap<>(probeLayerInput());
        all.putAll(inputs);
        return splits.probeTexts()
                .map(texts -> read(texts.retrained().get(i), probeCapture(), all, name))
                .orElseGet(() -> sample(splits.prompts().retrained().get(i), probeCapture(), all, name));
    }

    private ProbeExamples read(TextPart part, TaskSpec.Capture capture, Map<String, OutputRef> inputs, String probe) {
        PlannedTask read = graph.add(new TaskSpec.ReadTexts(model, part, capture), inputs, "texts for " + probe);
        return new ProbeExamples(read.output("responses"), read.output("scores"), read.output("activations"));
    }

    private ProbeExamples sample(
            PromptSlice prompts, TaskSpec.Capture capture, Map<String, OutputRef> inputs, String probe) {
        PlannedTask generated = graph.add(
                new TaskSpec.Generate(
                        model,
                        prompts,
                        spec.probes().samplesPerPrompt(),
                        spec.probeResponses(),
                        seeds.probeResponses(),
                        capture),
                inputs,
                "responses for " + probe);
        PlannedTask scored = score(generated, "scores for " + probe);
        return new ProbeExamples(
                generated.output("responses"), scored.output("scores"), generated.output("activations"));
    }

    private TaskSpec.Capture sweepCapture(int layers) {
        ProbeSpec probe = spec.probes();
        if (probe.fixedLayer() != null) {
            return probeCapture();
        }
        List<Integer> swept = probe.layers() == null
                ? IntStream.range(0, layers).boxed().toList()
                : probe.layers().stream().sorted().distinct().toList();
        return new TaskSpec.Capture(probe.site(), swept, probe.pooling());
    }

    private List<Candidates> sampleCandidates() {
        PromptSlice prompts = splits.prompts().pairs().orElseThrow();
        int k = Optional.ofNullable(spec.pairs()).orElseThrow().k();
        List<Candidates> shards = new ArrayList<>();
        for (int from = 0; from < prompts.count(); from += SHARD) {
            PromptSlice part = prompts.part(from, Math.min(SHARD, prompts.count() - from));
            String label = "candidates " + shards.size();
            PlannedTask generated = graph.add(
                    new TaskSpec.Generate(model, part, k, spec.responses(), seeds.candidates(), probeCapture()),
                    probeLayerInput(),
                    label);
            shards.add(new Candidates(
                    generated,
                    score(generated, "scores of " + label),
                    graph.add(
                            new TaskSpec.LogProbs(model),
                            Map.of("responses", generated.output("responses")),
                            "log-probabilities of " + label)));
        }
        return shards;
    }

    PlannedTask score(PlannedTask generated, String label) {
        return graph.add(new TaskSpec.Score(scorer), Map.of("responses", generated.output("responses")), label);
    }

    private boolean samplesPairs() {
        return spec.arms().values().stream().anyMatch(arm -> arm instanceof ArmSpec.Dpo dpo && !dpo.readsPairs());
    }

    private record Candidates(PlannedTask generated, PlannedTask scored, PlannedTask logProbs) {}
}
