package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.db.queue.WorkerId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;

/** Whatever is wrong with a specification is named, with code and field, before anything is queued. */
class BadInputTest extends ExperimentSliceTest {
    @ParameterizedTest(name = "{0} = {1} is refused as {2} at {3}")
    @MethodSource("wrongValues")
    void aWrongValueIsNamedAndNothingIsQueued(String pointer, String json, String code, String field) {
        MvcTestResult result = submit(SampleSpecs.with(pointer, json));
        assertThat(result).hasStatus(422).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(problems(result)).contains(code + " " + field);
        assertThat(experiments.count()).isZero();
    }

    @Test
    void aPlaceThatNobodyKnowsIsNotTold() {
        MvcTestResult result = submit(SampleSpecs.with("/pairs/prompts", "3000000000"));
        assertThat(result).bodyText().contains("out of range").doesNotContain("line -1", "column -1");
    }

    static Stream<Arguments> wrongValues() {
        return Stream.of(form(), nothing(), values(), numbers(), labels(), files(), scorers())
                .flatMap(rows -> rows);
    }

    private static Stream<Arguments> form() {
        return Stream.of(
                arguments("/learning_rate", "0.1", "unknown_field", "learning_rate"),
                arguments("/training/learningRate", "0.1", "unknown_field", "training.learningRate"),
                arguments("/arms/dpo/lambda", "1", "unknown_field", "arms.dpo.lambda"),
                arguments("/seeds", "\"one\"", "wrong_type", "seeds"),
                arguments("/seed_varies", "[\"probes\"]", "contradiction", "seed_varies"),
                arguments(
                        "/reference",
                        "{\"source\": \"s\", \"numbers\": {\"dpo\": {\"accuracy\": 0.5}}}",
                        "unknown_field",
                        "reference.numbers.dpo.accuracy"),
                arguments(
                        "/reference",
                        "{\"source\": \"s\", \"numbers\": {\"dpoo\": {\"rate\": 0.5}}}",
                        "unknown_arm",
                        "reference.numbers.dpoo"),
                arguments("/pairs/prompts", "\"many\"", "wrong_type", "pairs.prompts"),
                arguments("/pairs/prompts", "2.5", "wrong_type", "pairs.prompts"),
                arguments("/pairs/prompts", "3000000000", "wrong_type", "pairs.prompts"),
                arguments("/name", "17", "wrong_type", "name"),
                arguments("/arms/dpo/method", "\"ppo\"", "unknown_kind", "arms.dpo.method"),
                arguments("/arms/dpo/label_by", "\"Scorer\"", "wrong_type", "arms.dpo.label_by"),
                arguments("/probes/site", "\"resid\"", "wrong_type", "probes.site"),
                arguments("/seeds", "null", "missing_field", "seeds"),
                arguments("/model", "null", "missing_field", "model"),
                arguments("/behaviour/scorer/label", "null", "missing_field", "behaviour.scorer.label"),
                arguments("/spec_version", "2", "unsupported_version", "spec_version"));
    }

    private static Stream<Arguments> nothing() {
        return Stream.of(
                arguments("/arms", "{\"baseline\": null}", "missing_field", "arms.baseline"),
                arguments("/evaluation/perplexity", "{\"w\": null}", "missing_field", "evaluation.perplexity.w"),
                arguments("/metadata", "{\"a\": null}", "missing_field", "metadata.a"),
                arguments("/seeds", "[1, null]", "missing_field", "seeds[1]"),
                arguments("/probes/layers", "[null, 1]", "missing_field", "probes.layers[0]"),
                arguments(
                        "/training/adapter/target_modules",
                        "[\"q_proj\", null]",
                        "missing_field",
                        "training.adapter.target_modules[1]"));
    }

    private static Stream<Arguments> numbers() {
        return Stream.of(
                        "/probes/examples",
                        "/probes/calibration",
                        "/probes/samples_per_prompt",
                        "/probes/train",
                        "/probes/held_out",
                        "/probes/retrained",
                        "/pairs/prompts",
                        "/pairs/k",
                        "/texts/examples",
                        "/responses/max_new_tokens",
                        "/responses/top_k",
                        "/evaluation/prompts",
                        "/evaluation/point_prompts",
                        "/evaluation/dpo_points",
                        "/evaluation/sft_points",
                        "/evaluation/point_texts",
                        "/evaluation/labelled_texts/examples",
                        "/training/warmup_steps",
                        "/training/num_train_epochs",
                        "/training/per_device_train_batch_size",
                        "/training/gradient_accumulation_steps",
                        "/training/max_length",
                        "/training/save_steps",
                        "/training/adapter/rank")
                .map(pointer -> arguments(
                        pointer,
                        "2147483647",
                        "out_of_range",
                        pointer.substring(1).replace('/', '.')));
    }

    private static Stream<Arguments> values() {
        return Stream.of(
                arguments("/seeds", "[]", "missing_field", "seeds"),
                arguments("/seeds", "[3, 3]", "duplicate", "seeds"),
                arguments("/probes/responses", "{\"top_p\": 0}", "out_of_range", "probes.responses.top_p"),
                arguments(
                        "/probes/responses",
                        "{\"max_new_tokens\": 0}",
                        "out_of_range",
                        "probes.responses.max_new_tokens"),
                arguments("/probes/responses", "{\"greedy\": true}", "unknown_field", "probes.responses.greedy"),
                arguments("/training/learning_rate", "-1e-4", "out_of_range", "training.learning_rate"),
                arguments(
                        "/arms/sft/training",
                        "{\"learning_rate\": -1}",
                        "out_of_range",
                        "arms.sft.training.learning_rate"),
                arguments("/arms/baseline", "null", "baseline_required", "arms"),
                arguments("/pairs", "null", "missing_field", "pairs"),
                arguments("/texts", "null", "missing_field", "texts"),
                arguments("/arms/probe-dpo/probes", "3", "out_of_range", "arms.probe-dpo.probes"),
                arguments("/behaviour/threshold", "1.5", "out_of_range", "behaviour.threshold"),
                arguments("/name", "\"a\\u0000b\"", "out_of_range", "name"),
                arguments("/metadata", "{\"a\": \"b\\u0000\"}", "out_of_range", "metadata.a"),
                arguments("/prompts/prefix", "{\"words\": 2147483647}", "out_of_range", "prompts.prefix.words"),
                arguments("/prompts/prefix", "{\"words\": -1}", "out_of_range", "prompts.prefix.words"),
                arguments("/prompts/prefix", "{\"words\": 1, \"vary\": 0}", "out_of_range", "prompts.prefix.vary"),
                arguments("/prompts/prefix", "{\"words\": 1, \"leave\": -2}", "out_of_range", "prompts.prefix.leave"),
                arguments(
                        "/prompts/prefix",
                        "{\"words\": 1, \"vary\": 2147483647}",
                        "out_of_range",
                        "prompts.prefix.vary"),
                arguments(
                        "/prompts/prefix",
                        "{\"words\": 1, \"leave\": 2147483647}",
                        "out_of_range",
                        "prompts.prefix.leave"),
                arguments("/arms/probe-sft/switch_every", "2147483647", "out_of_range", "arms.probe-sft.switch_every"));
    }

    private static Stream<Arguments> labels() {
        return Stream.of(
                arguments("/evaluation/labelled_texts/label", "\"mood\"", "bad_row", "evaluation.labelled_texts"),
                arguments(
                        "/evaluation/labelled_texts/positive",
                        "\"wild\"",
                        "unknown_label",
                        "evaluation.labelled_texts"),
                arguments(
                        "/evaluation/labelled_texts/positive",
                        "[]",
                        "out_of_range",
                        "evaluation.labelled_texts.positive"),
                arguments(
                        "/evaluation/labelled_texts/positiv",
                        "\"Wild\"",
                        "unknown_field",
                        "evaluation.labelled_texts.positiv"),
                arguments(
                        "/evaluation/labelled_texts/positive",
                        "1",
                        "wrong_type",
                        "evaluation.labelled_texts.positive"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Wild\"", "[\"Wild\"]"})
    void labelsMayBeWords(String positive) {
        String words = SampleSpecs.with("/evaluation/labelled_texts/label", "\"mood\"");
        assertThat(submit(SampleSpecs.with(words, "/evaluation/labelled_texts/positive", positive)))
                .hasStatus(202);
    }

    private static Stream<Arguments> files() {
        return Stream.of(
                arguments("/model", "\"models/absent\"", "model_not_found", "model"),
                arguments("/behaviour/scorer/model", "\"models/absent\"", "model_not_found", "behaviour.scorer.model"),
                arguments("/model", "\"/etc\"", "path_not_allowed", "model"),
                arguments("/model", "\"../models/gemma3\"", "path_not_allowed", "model"),
                arguments("/model", "\"hf://google/gemma-3-1b-pt\"", "path_not_allowed", "model"),
                arguments("/prompts/dataset", "\"data/escape.jsonl\"", "path_not_allowed", "prompts.dataset"),
                arguments("/prompts/dataset", "\"data/absent.jsonl\"", "dataset_not_found", "prompts.dataset"),
                arguments("/prompts/dataset", "\"data/empty.jsonl\"", "data_too_small", "prompts.dataset"),
                arguments("/prompts/dataset", "\"data/few.jsonl\"", "data_too_small", "prompts.dataset"),
                arguments("/prompts/dataset", "\"data/broken.jsonl\"", "bad_row", "prompts.dataset"),
                arguments("/prompts/field", "\"body\"", "unknown_field", "prompts.dataset"),
                arguments("/prompts/dataset", "\"data/long.jsonl\"", "prompt_too_long", "prompts.dataset"),
                arguments("/responses/max_new_tokens", "1000", "prompt_too_long", "prompts.dataset"),
                arguments("/texts/examples", "1000", "data_too_small", "texts.examples"),
                arguments("/texts/dataset", "\"data/absent.jsonl\"", "dataset_not_found", "texts.dataset"),
                arguments("/training/max_length", "5", "out_of_range", "training.max_length"),
                arguments("/training/max_length", "100000", "out_of_range", "training.max_length"),
                arguments("/arms/sft/training", "{\"max_length\": 1}", "out_of_range", "arms.sft.training.max_length"),
                arguments("/arms/dpo/training", "{\"max_length\": 3}", "out_of_range", "arms.dpo.training.max_length"),
                arguments("/probes/layer", "7", "out_of_range", "probes.layer"),
                arguments("/probes/layers", "[0, 99]", "out_of_range", "probes.layers[1]"),
                arguments("/model", "\"models/roberta\"", "wrong_model", "model"),
                arguments("/behaviour/scorer/model", "\"models/gemma3\"", "wrong_model", "behaviour.scorer.model"),
                arguments("/behaviour/scorer/label", "\"rude\"", "unknown_label", "behaviour.scorer.label"),
                arguments(
                        "/training/adapter/target_modules",
                        "[\"q_proj\", \"c_attn\"]",
                        "unknown_module",
                        "training.adapter.target_modules"),
                arguments(
                        "/arms/dpo/training",
                        "{\"adapter\": {\"target_modules\": [\"c_attn\"]}}",
                        "unknown_module",
                        "arms.dpo.training.adapter.target_modules"),
                arguments(
                        "/training/adapter/target_modules",
                        "[\"all-linear\", \"q_proj\"]",
                        "contradiction",
                        "training.adapter.target_modules"));
    }

    private static Stream<Arguments> scorers() {
        String scorer = "behaviour.scorer";
        return Stream.of(
                scorer("{'kind': 'oracle'}", "unknown_kind", scorer + ".kind"),
                scorer("{'kind': 'lexicon'}", "contradiction", scorer),
                scorer("{'kind': 'lexicon', 'terms': ['a'], 'file': 'data/terms.txt'}", "contradiction", scorer),
                scorer("{'kind': 'lexicon', 'terms': []}", "out_of_range", scorer + ".terms"),
                scorer("{'kind': 'lexicon', 'terms': ['a', '?!']}", "out_of_range", scorer + ".terms"),
                scorer("{'kind': 'lexicon', 'terms': ['a'], 'hits': 0}", "out_of_range", scorer + ".hits"),
                scorer("{'kind': 'lexicon', 'file': 'data/absent.txt'}", "dataset_not_found", scorer + ".file"),
                scorer("{'kind': 'lexicon', 'file': 'data/empty.jsonl'}", "empty_lexicon", scorer + ".file"),
                scorer("{'kind': 'lexicon', 'file': '../terms.txt'}", "path_not_allowed", scorer + ".file"),
                scorer("{'kind': 'judge'}", "missing_field", scorer + ".name"),
                scorer("{'kind': 'judge', 'url': 'http://10.0.0.1/'}", "unknown_field", scorer + ".url"),
                scorer("{'kind': 'judge', 'name': 'absent'}", "unknown_judge", scorer + ".name"));
    }

    private static Arguments scorer(String json, String code, String field) {
        return arguments("/behaviour/scorer", json.replace('\'', '"'), code, field);
    }

    @ParameterizedTest(name = "{0} is refused as {1}, naming {2}")
    @MethodSource("brokenModels")
    void aBrokenModelIsRefusedByNameOfTheOffendingKeyOrFile(String model, String code, String named) {
        MvcTestResult result = submit(SampleSpecs.with("/model", "\"models/" + model + "\""));
        assertThat(result).hasStatus(422);
        JsonNode error = body(result).get("errors").get(0);
        assertThat(error.get("field").asString()).isEqualTo("model");
        assertThat(error.get("code").asString()).isEqualTo(code);
        assertThat(error.get("message").asString()).contains(named);
        assertThat(experiments.count()).isZero();
    }

    static Stream<Arguments> brokenModels() {
        return Stream.of(
                arguments("broken-extra-key", "weights_unexpected_key", "model.layers.1.self_attn.gate_logit.weight"),
                arguments("broken-missing-key", "weights_missing_key", "model.layers.1.mlp.up_proj.weight"),
                arguments("broken-truncated", "weights_invalid", "model.safetensors"),
                arguments("broken-unsupported-architecture", "model_not_supported", "mamba"),
                arguments("broken-wrong-shape", "weights_wrong_shape", "model.layers.0.mlp.gate_proj.weight"));
    }

    @Test
    void anExperimentThatNeedsMoreMemoryThanTheLargestWorkerHasIsRefused() {
        workers.clear();
        workers.register(new WorkerId(new UUID(0, 2)), "small", "cpu", 64 << 20);
        MvcTestResult result = submit(SampleSpecs.valid());
        assertThat(result).hasStatus(422);
        assertThat(problems(result)).containsExactly("not_enough_memory model");
    }

    @Test
    void withoutAWorkerAnExperimentIsAcceptedWithAWarning() {
        workers.clear();
        MvcTestResult result = submit(SampleSpecs.valid());
        assertThat(result).hasStatus(202);
        assertThat(body(result).get("warnings").findValuesAsString("code")).contains("no_worker");
    }

    @Test
    void valuesAndFilesAreNamedInOneAnswer() {
        String twice = SampleSpecs.with("/training/learning_rate", "-1");
        String thrice = SampleSpecs.with(twice, "/model", "\"models/absent\"");
        MvcTestResult result = submit(SampleSpecs.with(thrice, "/texts/dataset", "\"data/absent.jsonl\""));
        assertThat(problems(result))
                .contains(
                        "out_of_range training.learning_rate",
                        "model_not_found model",
                        "dataset_not_found texts.dataset");
    }

    @Test
    void everyProblemOfFormIsNamedInOneAnswer() {
        String twice = SampleSpecs.with("/epochs", "3");
        String thrice = SampleSpecs.with(twice, "/pairs/k", "\"five\"");
        MvcTestResult result = submit(SampleSpecs.with(thrice, "/arms/dpo/method", "\"ppo\""));
        assertThat(problems(result))
                .containsExactlyInAnyOrder(
                        "unknown_field epochs", "wrong_type pairs.k", "unknown_kind arms.dpo.method");
    }

    @Test
    void aMisspeltFieldIsNamedBesideTheFieldThatIsThenMissing() {
        String without = SampleSpecs.with("/model", "null");
        MvcTestResult result = submit(SampleSpecs.with(without, "/modle", "\"models/gemma3\""));
        assertThat(problems(result)).containsExactlyInAnyOrder("unknown_field modle", "missing_field model");
        assertThat(body(result).get("errors").findValuesAsString("message"))
                .anyMatch(message -> message.contains("did you mean model?"));
    }

    @Test
    void moreRunsThanTheLimitAreRefusedBeforeTheyArePlanned() {
        String seeds = Stream.iterate(0, seed -> seed + 1).limit(500).toList().toString();
        MvcTestResult result = submit(SampleSpecs.with("/seeds", seeds));
        assertThat(problems(result)).contains("too_many_runs seeds");
    }

    @Test
    void moreTasksThanTheLimitAreRefusedBeforeTheyArePlanned() {
        String points = SampleSpecs.with("/evaluation/dpo_points", "1000");
        String seeds = Stream.iterate(0, seed -> seed + 1).limit(20).toList().toString();
        MvcTestResult result = submit(SampleSpecs.with(points, "/seeds", seeds));
        assertThat(problems(result)).containsExactly("too_many_tasks arms");
    }

    private static List<String> problems(MvcTestResult result) {
        List<String> found = new ArrayList<>();
        body(result)
                .get("errors")
                .forEach(error -> found.add(error.get("code").asString() + " "
                        + (error.has("field") ? error.get("field").asString() : "")));
        return found;
    }
}
