package io.goodhart.domain.validate;

import io.goodhart.domain.Problem;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.PromptSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.ScorerSpec;
import io.goodhart.domain.spec.SeedFactor;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Rules that a specification can be held against without looking at any file. */
public final class ValueRules {
    /** Below it scores divided by the temperature may exceed float32. */
    private static final double COLDEST = 1e-3;

    private static final int MAX_TERMS = 1000;
    private static final int MAX_METADATA = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;

    private final ExperimentSpec spec;
    private final Problems problems = new Problems();

    private ValueRules(ExperimentSpec spec) {
        this.spec = spec;
    }

    /** Every value that is out of range, and every field that contradicts another. */
    public static List<Problem> check(ExperimentSpec spec) {
        ValueRules rules = new ValueRules(spec);
        rules.checkHead();
        rules.checkScorer(spec.behaviour().scorer());
        rules.checkPrompts(spec.prompts());
        rules.checkResponses(spec.responses(), "responses");
        rules.checkProbeResponses();
        ProbeRules.check(spec.probes(), rules.problems);
        rules.checkPairs();
        rules.checkEvaluation(spec.evaluation());
        ArmRules.check(spec, rules.problems);
        ReferenceRules.check(spec, rules.problems);
        return rules.problems.all();
    }

    private void checkHead() {
        if (spec.specVersion() != ExperimentSpec.CURRENT_VERSION) {
            problems.add(
                    "unsupported_version",
                    "spec_version",
                    "This server reads version %d, got %d"
                            .formatted(ExperimentSpec.CURRENT_VERSION, spec.specVersion()));
        }
        problems.require(!spec.name().isBlank() && spec.name().length() <= 200, "name", "Needs 1 to 200 characters");
        checkPlain(spec.name(), "name");
        problems.require(
                spec.behaviour().threshold() > 0 && spec.behaviour().threshold() < 1,
                "behaviour.threshold",
                "Must lie strictly between 0 and 1, got " + spec.behaviour().threshold());
        if (spec.seeds().isEmpty()) {
            problems.add("missing_field", "seeds", "Name at least one seed; two or more give intervals over seeds");
        } else if (new HashSet<>(spec.seeds()).size() < spec.seeds().size()) {
            problems.add("duplicate", "seeds", "Each seed may occur once");
        }
        if (!spec.varies(SeedFactor.TRAINING)) {
            problems.add("contradiction", "seed_varies", "Every seed varies the training: name it");
        }
        if (new HashSet<>(spec.seedVaries()).size() < spec.seedVaries().size()) {
            problems.add("duplicate", "seed_varies", "Each may occur once");
        }
        checkMetadata(spec.metadata());
    }

    private void checkScorer(ScorerSpec scorer) {
        if (scorer instanceof ScorerSpec.Lexicon lexicon) {
            if ((lexicon.terms() == null) == (lexicon.file() == null)) {
                problems.add("contradiction", "behaviour.scorer", "A lexicon has either terms or a file");
            }
            if (lexicon.terms() != null) {
                checkTerms(lexicon.terms());
            }
            problems.within(lexicon.hits(), 1, 10_000, "behaviour.scorer.hits");
        }
    }

    private void checkTerms(List<String> terms) {
        String field = "behaviour.scorer.terms";
        problems.require(
                !terms.isEmpty() && terms.size() <= MAX_TERMS,
                field,
                "Name 1 to %d terms; a file may hold more".formatted(MAX_TERMS));
        problems.require(
                terms.stream().allMatch(term -> term.chars().anyMatch(Character::isLetterOrDigit)),
                field,
                "Every term needs a letter or a digit");
    }

    private void checkMetadata(Map<String, String> metadata) {
        problems.require(metadata.size() <= MAX_METADATA, "metadata", "At most %d entries".formatted(MAX_METADATA));
        metadata.forEach((key, value) -> {
            problems.require(
                    key.length() <= MAX_KEY && value.length() <= MAX_VALUE,
                    "metadata." + key,
                    "Keys have at most %d, values at most %d characters".formatted(MAX_KEY, MAX_VALUE));
            checkPlain(key + value, "metadata." + key);
        });
    }

    private void checkPlain(String text, String field) {
        problems.require(text.chars().noneMatch(Character::isISOControl), field, "Must not have control characters");
    }

    private void checkPrompts(PromptSpec prompts) {
        if (!prompts.template().contains("{text}")) {
            problems.add("invalid_template", "prompts.template", "Must contain {text}, where the prompt goes");
        }
        PromptSpec.Prefix prefix = prompts.prefix();
        if (prefix != null) {
            problems.within(prefix.words(), 1, 10_000, "prompts.prefix.words");
            problems.within(prefix.vary(), 1, 10_000, "prompts.prefix.vary");
            problems.within(prefix.leave(), 0, 10_000, "prompts.prefix.leave");
        }
        FilterRules.check(prompts.where(), "prompts.where", problems);
    }

    private void checkResponses(ResponseSpec responses, String field) {
        problems.within(responses.maxNewTokens(), 1, Problems.MANY, field + ".max_new_tokens");
        double temperature = responses.temperature();
        problems.require(
                temperature == 0 || (temperature >= COLDEST && temperature <= 100),
                field + ".temperature",
                "Must be 0 (always the likeliest token) or lie in [%s, 100], got %s".formatted(COLDEST, temperature));
        problems.within(responses.topK(), 0, Problems.MANY, field + ".top_k");
        problems.require(
                responses.topP() > 0 && responses.topP() <= 1,
                field + ".top_p",
                "Must lie in (0, 1], got " + responses.topP());
    }

    private void checkProbeResponses() {
        ResponseSpec own = spec.probes().responses();
        if (own != null) {
            checkResponses(own, "probes.responses");
        }
        problems.contradiction(
                !spec.probeResponses().drawsRandomly() && spec.probes().samples() > 1,
                "probes.samples_per_prompt",
                "Greedy responses to one prompt are all the same: leave it at 1, or sample with %s.temperature above 0"
                        .formatted(own == null ? "responses" : "probes.responses"));
    }

    private void checkPairs() {
        if (spec.pairs() == null) {
            return;
        }
        problems.within(spec.pairs().prompts(), 0, Problems.MANY, "pairs.prompts");
        if (spec.pairs().dataset() != null) {
            problems.within(spec.pairs().examples(), 1, Problems.MANY, "pairs.examples");
            FilterRules.check(spec.pairs().where(), "pairs.where", problems);
        } else if (spec.pairs().examples() != 0 || spec.pairs().where() != null) {
            problems.add("contradiction", "pairs", "Only pairs of a data set have examples and where");
        }
        problems.within(spec.pairs().k(), 2, 100, "pairs.k");
        problems.within(spec.pairs().margin(), 0, 1, "pairs.margin");
        if (!spec.responses().drawsRandomly() && spec.pairs().prompts() > 0) {
            problems.add(
                    "contradiction",
                    "responses.temperature",
                    "Greedy responses to one prompt are all the same: pairs need a temperature above 0");
        }
    }

    private void checkEvaluation(EvaluationSpec evaluation) {
        problems.within(evaluation.prompts(), 10, Problems.MANY, "evaluation.prompts");
        problems.within(evaluation.pointPrompts(), 10, Problems.MANY, "evaluation.point_prompts");
        problems.within(evaluation.dpoPoints(), 2, 1000, "evaluation.dpo_points");
        problems.within(evaluation.sftPoints(), 2, 1000, "evaluation.sft_points");
        problems.within(evaluation.pointTexts(), 1, Problems.MANY, "evaluation.point_texts");
        evaluation.perplexity().forEach((name, texts) -> {
            String field = "evaluation.perplexity." + name;
            problems.require(name.matches("[a-z0-9_-]{1,40}"), field, "Names have a-z, 0-9, _ and - only");
            problems.within(texts.examples(), 1, Problems.MANY, field + ".examples");
            FilterRules.check(texts.where(), field + ".where", problems);
        });
        LabelledTextSpec labelled = evaluation.labelledTexts();
        if (labelled != null) {
            LabelRules.check(labelled.rule(), "evaluation.labelled_texts", problems);
            problems.within(labelled.examples(), 10, Problems.MANY, "evaluation.labelled_texts.examples");
            problems.require(
                    !labelled.balanced() || labelled.examples() % 2 == 0,
                    "evaluation.labelled_texts.examples",
                    "Balanced texts are half positive and half negative: must be even, got " + labelled.examples());
        }
        if (spec.texts() != null) {
            problems.within(spec.texts().examples(), 1, Problems.MANY, "texts.examples");
            FilterRules.check(spec.texts().where(), "texts.where", problems);
        }
    }
}
