package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.PromptAllocation;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ScorerSpec;
import io.goodhart.domain.spec.TextSpec;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Rules that hold a specification against the model, the data and the workers. */
public final class FileRules {
    private static final String LABELLED_TEXTS = "evaluation.labelled_texts";

    private final ExperimentSpec spec;
    private final ValidationFacts facts;
    private final Problems problems = new Problems();
    private final Problems warnings = new Problems();

    private FileRules(ExperimentSpec spec, ValidationFacts facts) {
        this.spec = spec;
        this.facts = facts;
    }

    /** Checks a specification whose values are in range ({@link ValueRules}). */
    public static Validation check(ExperimentSpec spec, ValidationFacts facts) {
        FileRules rules = new FileRules(spec, facts);
        rules.checkModels();
        rules.checkSite(spec.probes().site());
        rules.checkLayers(spec.probes());
        rules.checkKeptTokens();
        rules.checkPrompts();
        rules.texts().forEach(rules::checkTexts);
        ProbeTextRules.check(spec, facts, rules.problems, rules.warnings);
        facts.pairs().ifPresent(rules::checkPairs);
        rules.checkLabels();
        rules.checkAdapters();
        spec.arms().forEach(rules::checkMaxLength);
        if (rules.problems.all().isEmpty()) { // of what is refused already no memory is known
            rules.checkMemory();
        }
        rules.warnOfLittleData();
        rules.warnOfCoarseThreshold();
        rules.warnOfMissingControls();
        return new Validation(rules.problems.all(), rules.warnings.all());
    }

    private void checkModels() {
        if (facts.model().task() != ModelFacts.Task.LANGUAGE_MODEL) {
            problems.add(
                    "wrong_model",
                    "model",
                    "A language model is needed, this is a " + facts.model().family() + " classifier");
        }
        if (spec.behaviour().scorer() instanceof ScorerSpec.Classifier classifier) {
            checkClassifier(classifier, facts.classifier().orElseThrow());
        }
    }

    private void checkClassifier(ScorerSpec.Classifier classifier, ModelFacts model) {
        if (model.task() != ModelFacts.Task.CLASSIFIER) {
            problems.add(
                    "wrong_model",
                    "behaviour.scorer.model",
                    "A sequence classifier is needed, this is a language model");
        } else if (!model.labels().contains(classifier.label())) {
            problems.add(
                    "unknown_label",
                    "behaviour.scorer.label",
                    "The classifier's labels are %s, got %s".formatted(model.labels(), classifier.label()));
        }
    }

    private void checkSite(Site site) {
        ModelFacts model = facts.model();
        if (model.task() == ModelFacts.Task.LANGUAGE_MODEL && !model.sites().contains(site)) {
            List<String> sites = model.sites().stream().map(Site::wireName).toList();
            problems.add("unknown_site", "probes.site", "The model has %s, got %s".formatted(sites, site.wireName()));
        }
    }

    private void checkLayers(ProbeSpec probes) {
        int layers = facts.model().layers();
        Integer fixed = probes.fixedLayer();
        if (fixed != null && probes.site() != Site.FINAL_NORM) {
            checkLayer(fixed, layers, "probes.layer");
        }
        List<Integer> swept = probes.layers() == null ? List.of() : probes.layers();
        for (int i = 0; i < swept.size(); i++) {
            checkLayer(swept.get(i), layers, "probes.layers[" + i + "]");
        }
    }

    private void checkKeptTokens() {
        long kept = KeptTokens.of(spec, facts.model()).bytes();
        if (kept > KeptTokens.LIMIT) {
            problems.add(
                    "too_many_activations",
                    "probes.pooling",
                    "Keeping every token takes %d MiB in one task, at most %d fit: name fewer probes.layers, lower probes.examples, evaluation.prompts or the max_new_tokens of responses, or pool"
                            .formatted(kept >> 20, KeptTokens.LIMIT >> 20));
        }
    }

    private void checkLayer(int layer, int layers, String field) {
        problems.require(
                layer >= 0 && layer < layers,
                field,
                "The model has layers 0 to %d, got %d".formatted(layers - 1, layer));
    }

    private void checkPrompts() {
        long needed = PromptAllocation.required(spec);
        int distinct = facts.prompts().distinct();
        if (distinct < needed) {
            problems.add(
                    "data_too_small",
                    "prompts.dataset",
                    ("%d distinct prompts are needed (evaluation, probes, retrained probes and pairs are disjoint), "
                                    + "the data has %d")
                            .formatted(needed, distinct));
        }
        long longest = (long) facts.prompts().longestTokens() + spec.longestResponse();
        if (longest > facts.model().context()) {
            problems.add(
                    "prompt_too_long",
                    "prompts.dataset",
                    "The longest prompt has %d tokens; with %d new tokens it exceeds the model's context of %d"
                            .formatted(
                                    facts.prompts().longestTokens(),
                                    spec.longestResponse(),
                                    facts.model().context()));
        }
    }

    private Map<String, Integer> texts() {
        Map<String, Integer> needed = new LinkedHashMap<>();
        if (spec.texts() != null) {
            needed.put("texts", spec.texts().examples());
        }
        Map<String, TextSpec> corpora = spec.evaluation().perplexity();
        corpora.forEach((name, texts) -> needed.put("evaluation.perplexity." + name, texts.examples()));
        if (spec.evaluation().labelledTexts() != null) {
            needed.put(LABELLED_TEXTS, spec.evaluation().labelledTexts().examples());
        }
        return needed;
    }

    private void checkTexts(String field, int needed) {
        TextFacts texts = facts.texts(field);
        if (texts.eligible() < needed) {
            problems.add(
                    "data_too_small",
                    field + ".examples",
                    "%d texts are asked for, the data has %d that fit".formatted(needed, texts.eligible()));
        }
        texts.warnIfCut(field, facts.model().context(), warnings);
    }

    private void checkPairs(PairFacts pairs) {
        int needed = Objects.requireNonNull(spec.pairs()).examples();
        if (pairs.eligible() < needed) {
            problems.add(
                    "data_too_small",
                    "pairs.examples",
                    "%d pairs are asked for, the data has %d that fit".formatted(needed, pairs.eligible()));
        }
        if (pairs.longestPromptTokens() >= facts.model().context()) {
            problems.add(
                    "prompt_too_long",
                    "pairs.dataset",
                    "The longest prompt has %d tokens and leaves no completion in the model's context of %d"
                            .formatted(
                                    pairs.longestPromptTokens(), facts.model().context()));
        }
        if (pairs.tooLong() > 0) {
            warnings.add(
                    "truncated",
                    "pairs.dataset",
                    "%d of %d pairs are longer than the model's context of %d tokens: their completions are cut"
                            .formatted(
                                    pairs.tooLong(),
                                    pairs.drawn(),
                                    facts.model().context()));
        }
    }

    private void checkLabels() {
        LabelledTextSpec labelled = spec.evaluation().labelledTexts();
        if (labelled == null) {
            return;
        }
        TextFacts texts = facts.texts(LABELLED_TEXTS);
        if (!labelled.balanced()) {
            warnOfOneClass(labelled, texts);
            return;
        }
        int half = labelled.examples() / 2;
        if (texts.positives() < half || texts.eligible() - texts.positives() < half) {
            problems.add(
                    "data_too_small",
                    LABELLED_TEXTS + ".examples",
                    "%d texts of each class are asked for, the data has %d positive and %d negative"
                            .formatted(half, texts.positives(), texts.eligible() - texts.positives()));
        }
    }

    private void warnOfOneClass(LabelledTextSpec labelled, TextFacts texts) {
        if (texts.positives() == 0 || texts.positives() == texts.eligible()) {
            warnings.add(
                    "one_class",
                    LABELLED_TEXTS + ".label",
                    "Every label is %s: no AUC is defined on these texts, and the report shows none"
                            .formatted(LabelRules.only(labelled.rule(), texts.positives() > 0)));
        }
    }

    private void checkAdapters() {
        checkTargets(spec.training(), "training");
        spec.arms().forEach((name, arm) -> checkTargets(arm.training(), "arms." + name + ".training"));
    }

    private void checkTargets(@Nullable TrainingSpec training, String field) {
        if (training == null || training.adapter() == null) {
            return;
        }
        for (String target : training.adapter().targetModules()) {
            boolean known = target.equals(AdapterSpec.ALL_LINEAR)
                    || facts.model().linearModules().contains(target);
            if (known
                    && target.equals(AdapterSpec.ALL_LINEAR)
                    && training.adapter().targetModules().size() > 1) {
                problems.add(
                        "contradiction",
                        field + ".adapter.target_modules",
                        "all-linear stands alone: it has every module in it");
            }
            if (!known) {
                problems.add(
                        "unknown_module",
                        field + ".adapter.target_modules",
                        "The model has %s, got %s".formatted(facts.model().linearModules(), target));
            }
        }
    }

    private void checkMaxLength(String name, ArmSpec arm) {
        int length =
                TrainingSettings.of(spec.training().overlaid(arm.training())).maxLength();
        if (length == 0 || !arm.trains()) {
            return;
        }
        String owner = arm.training().maxLength() == null ? "training" : "arms." + name + ".training";
        int context = facts.model().context();
        int least = shortestUseful(arm);
        problems.require(
                length >= least && length <= context,
                owner + ".max_length",
                "Arm %s needs %d to %d tokens, or 0 for the model's context, got %d"
                        .formatted(name, least, context, length));
    }

    /** Of every pair a token must be left to learn from, of every text the second one; sampled responses are never cut. */
    private int shortestUseful(ArmSpec arm) {
        return switch (arm) {
            case ArmSpec.Dpo dpo
            when dpo.readsPairs() ->
                facts.pairs().map(PairFacts::longestPromptTokens).orElse(0) + 1;
            case ArmSpec.Dpo _ -> facts.prompts().longestTokens() + 1;
            case ArmSpec.None _, ArmSpec.Sft _, ArmSpec.ProbeSft _, ArmSpec.BestOfN _ -> 2;
            case ArmSpec.Grpo _ ->
                facts.prompts().longestTokens() + spec.responses().maxNewTokens();
        };
    }

    private void checkMemory() {
        if (facts.workerMemoryBytes().isEmpty()) {
            warnings.add("no_worker", "model", "No worker is alive: the experiment waits until one is");
            return;
        }
        long available = facts.workerMemoryBytes().getAsLong();
        long needed = MemoryEstimate.of(spec, facts).peakBytes();
        if (needed > available) {
            problems.add(
                    "not_enough_memory",
                    "model",
                    "About %d MiB are needed beside the Java heap, the largest worker has %d MiB: %slower the batch size, use mode lora, or add a larger worker"
                            .formatted(needed >> 20, available >> 20, ofCheckpointing(needed, available)));
        }
    }

    /** What gradient checkpointing would do for an experiment that does not fit. */
    private String ofCheckpointing(long needed, long available) {
        long least = MemoryEstimate.leanest(spec, facts).peakBytes();
        if (least <= available) {
            return "gradient_checkpointing: true makes it fit (%d MiB); or ".formatted(least >> 20);
        }
        return least == needed
                ? ""
                : "gradient_checkpointing: true does not make it fit (%d MiB); ".formatted(least >> 20);
    }

    private void warnOfLittleData() {
        if (spec.seeds().size() == 1) {
            warnings.add("one_seed", "seeds", "With one seed nothing can be said about variation between runs");
        }
        if (spec.evaluation().prompts() < 300) {
            warnings.add(
                    "few_prompts",
                    "evaluation.prompts",
                    "With fewer than 300 prompts a rate is known to ±0.06 at best");
        }
    }

    private void warnOfCoarseThreshold() {
        ProbeSpec.ThresholdRule rule = spec.probes().threshold();
        if (rule != null && rule.fpr() * spec.probes().calibration() < 1) {
            warnings.add(
                    "few_calibration_texts",
                    "probes.calibration",
                    "Of %d responses not one false positive is %s of them: the threshold lies above every negative one"
                            .formatted(spec.probes().calibration(), rule.fpr()));
        }
    }

    private void warnOfMissingControls() {
        Collection<ArmSpec> arms = spec.arms().values();
        boolean labelled =
                arms.stream().anyMatch(arm -> arm instanceof ArmSpec.Dpo dpo && dpo.labelBy() != LabelBy.RANDOM);
        boolean random =
                arms.stream().anyMatch(arm -> arm instanceof ArmSpec.Dpo dpo && dpo.labelBy() == LabelBy.RANDOM);
        if (labelled && !random) {
            warnings.add(
                    "no_control",
                    "arms",
                    "No arm has label_by: random: what DPO alone does to the probes cannot be told from what the signal does");
        }
        boolean grpo = arms.stream().anyMatch(arm -> arm instanceof ArmSpec.Grpo one && one.lambda() > 0);
        if (grpo && arms.stream().noneMatch(arm -> arm instanceof ArmSpec.Grpo one && one.lambda() == 0)) {
            warnings.add(
                    "no_control",
                    "arms",
                    "No arm with method grpo has lambda: 0: what the task's reward alone does to the probes cannot be told from what the probe does");
        }
        boolean probeSft = arms.stream().anyMatch(ArmSpec.ProbeSft.class::isInstance);
        if (probeSft && arms.stream().noneMatch(ArmSpec.Sft.class::isInstance)) {
            warnings.add(
                    "no_control",
                    "arms",
                    "No arm has method sft: what SFT alone does to the probes cannot be told from what the probe does");
        }
    }
}
