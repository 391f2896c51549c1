package io.goodhart.domain;

import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.ExperimentFacts;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.BehaviourSpec;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.PromptSpec;
import io.goodhart.domain.spec.ReferenceSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.ScorerSpec;
import io.goodhart.domain.spec.SeedFactor;
import io.goodhart.domain.spec.TextSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.validate.PromptFacts;
import io.goodhart.domain.validate.TextFacts;
import io.goodhart.domain.validate.ValidationFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Specifications that tests start from. */
public final class Specs {
    /** Those of blocks whose attention and MLP stand side by side. */
    private static final List<Site> SITES =
            Stream.of(Site.values()).filter(site -> site != Site.RESID_MID).toList();

    public static final ModelFacts MODEL = new ModelFacts(
            new ModelRevision("models/lm", "a".repeat(64)),
            "gemma3_text",
            ModelFacts.Task.LANGUAGE_MODEL,
            6,
            192,
            576,
            3,
            1,
            64,
            4096,
            256,
            3_372_480,
            List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"),
            SITES,
            List.of(),
            new BlockFacts(4, true, 64, true, false, false, List.of(64, 64, 64, 64, 64, 0)));

    public static final ModelFacts SCORER = new ModelFacts(
            new ModelRevision("models/scorer", "b".repeat(64)),
            "roberta",
            ModelFacts.Task.CLASSIFIER,
            3,
            128,
            384,
            4,
            4,
            32,
            4096,
            128,
            1_054_210,
            List.of(),
            List.of(),
            List.of("neutral", "toxic"),
            BlockFacts.plain(3));

    private Specs() {}

    public static Map<String, ArmSpec> arms(Object... namesAndArms) {
        Map<String, ArmSpec> arms = new LinkedHashMap<>();
        for (int i = 0; i < namesAndArms.length; i += 2) {
            arms.put((String) namesAndArms[i], (ArmSpec) namesAndArms[i + 1]);
        }
        return arms;
    }

    public static ArmSpec.Dpo dpo(ArmSpec.LabelBy labelBy, Integer probes) {
        return new ArmSpec.Dpo(labelBy, probes, null, TrainingSpec.EMPTY);
    }

    public static ProbeSpec probes(String layer) {
        return ProbeFields.probes(probes -> probes.layer = layer);
    }

    public static ExperimentSpec experiment(Map<String, ArmSpec> arms, Long... seeds) {
        return experiment(arms, probes(ProbeSpec.BEST), TrainingSpec.EMPTY, List.of(seeds));
    }

    public static ExperimentSpec experiment(
            Map<String, ArmSpec> arms, ProbeSpec probes, TrainingSpec training, List<Long> seeds) {
        return new ExperimentSpec(
                1,
                "does it survive?",
                "models/lm",
                new BehaviourSpec("toxicity", new ScorerSpec.Classifier("models/scorer", "toxic"), 0.5),
                new PromptSpec("data/prompts.jsonl", "text", null, null, "{text}"),
                new ResponseSpec(24, 1.0, 0, 1.0),
                probes,
                PairSpec.sampled(250, 5, 0.0),
                new TextSpec("data/texts.jsonl", "text", null, 100),
                training,
                new EvaluationSpec(
                        300, 50, 4, 3, Map.of("wikitext", new TextSpec("data/wiki.jsonl", "text", null, 80)), 40, null),
                arms,
                seeds,
                0L,
                ExperimentSpec.Reuse.ALWAYS,
                Map.of(),
                List.of(SeedFactor.TRAINING),
                null);
    }

    /** The same experiment, whose seeds vary other things, with published numbers. */
    public static ExperimentSpec with(
            ExperimentSpec spec, List<SeedFactor> seedVaries, @Nullable ReferenceSpec reference) {
        return new ExperimentSpec(
                spec.specVersion(),
                spec.name(),
                spec.model(),
                spec.behaviour(),
                spec.prompts(),
                spec.responses(),
                spec.probes(),
                spec.pairs(),
                spec.texts(),
                spec.training(),
                spec.evaluation(),
                spec.arms(),
                spec.seeds(),
                spec.dataSeed(),
                spec.reuse(),
                spec.metadata(),
                seedVaries,
                reference);
    }

    /** The same experiment, measured in another way. */
    public static ExperimentSpec withEvaluation(ExperimentSpec spec, EvaluationSpec evaluation) {
        return with(spec, spec.prompts(), spec.pairs(), evaluation);
    }

    /** The same experiment, whose responses are sampled otherwise. */
    public static ExperimentSpec withResponses(ExperimentSpec spec, ResponseSpec responses) {
        return new ExperimentSpec(
                spec.specVersion(),
                spec.name(),
                spec.model(),
                spec.behaviour(),
                spec.prompts(),
                responses,
                spec.probes(),
                spec.pairs(),
                spec.texts(),
                spec.training(),
                spec.evaluation(),
                spec.arms(),
                spec.seeds(),
                spec.dataSeed(),
                spec.reuse(),
                spec.metadata(),
                spec.seedVaries(),
                spec.reference());
    }

    /** The same experiment with other pairs. */
    public static ExperimentSpec withPairs(ExperimentSpec spec, PairSpec pairs) {
        return with(spec, spec.prompts(), pairs, spec.evaluation());
    }

    /** The same experiment with other prompts. */
    public static ExperimentSpec withPrompts(ExperimentSpec spec, PromptSpec prompts) {
        return with(spec, prompts, spec.pairs(), spec.evaluation());
    }

    private static ExperimentSpec with(
            ExperimentSpec spec, PromptSpec prompts, @Nullable PairSpec pairs, EvaluationSpec evaluation) {
        return new ExperimentSpec(
                spec.specVersion(),
                spec.name(),
                spec.model(),
                spec.behaviour(),
                prompts,
                spec.responses(),
                spec.probes(),
                pairs,
                spec.texts(),
                spec.training(),
                evaluation,
                spec.arms(),
                spec.seeds(),
                spec.dataSeed(),
                spec.reuse(),
                spec.metadata(),
                spec.seedVaries(),
                spec.reference());
    }

    public static ExperimentFacts facts() {
        return new ExperimentFacts(
                MODEL,
                new Scorer.Classifier(SCORER.revision(), "toxic"),
                Map.of(
                        "data/prompts.jsonl", DatasetRevision.ofFile("data/prompts.jsonl", "c".repeat(64)),
                        "data/texts.jsonl", DatasetRevision.ofFile("data/texts.jsonl", "d".repeat(64)),
                        "data/wiki.jsonl", DatasetRevision.ofFile("data/wiki.jsonl", "e".repeat(64))));
    }

    public static ValidationFacts validationFacts(int prompts, int longest, OptionalLong memory) {
        return new ValidationFacts(
                MODEL,
                Optional.of(SCORER),
                new PromptFacts(prompts, longest),
                Map.of(
                        "texts",
                        new TextFacts(100, 0, 40, 256, 0),
                        "evaluation.perplexity.wikitext",
                        new TextFacts(80, 0, 80, 256, 3)),
                Optional.empty(),
                memory);
    }
}
