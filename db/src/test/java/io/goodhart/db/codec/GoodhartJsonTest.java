package io.goodhart.db.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.LossType;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.PromptSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.SeedFactor;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GoodhartJsonTest {
    private static final TaskSpec.Selection SELECTION =
            new TaskSpec.Selection(ArmSpec.LabelBy.PROBES, 2, ArmSpec.Combine.MAX, 0, List.of(1, 2, 3));

    private static final ModelRevision MODEL = new ModelRevision("models/tiny", "ab".repeat(32));
    private static final DatasetRevision DATA = DatasetRevision.ofFile("data/texts.jsonl", "cd".repeat(32));
    private static final Filter FILTER = Filter.range("score", 0.5, null);
    private static final PairSlice PAIRS = new PairSlice(
            new DatasetRevision("pairs@2", "ef".repeat(32), DataFormat.PARQUET),
            "prompt",
            "chosen",
            "rejected",
            null,
            7,
            40,
            null);
    private static final TextSlice TEXTS = new TextSlice(DATA, "text", null, null, FILTER, false, 7, 40, null, null);
    private static final PromptSlice PROMPTS =
            new PromptSlice(DATA, "text", FILTER, new PromptSpec.Prefix(6, 3, 2), "{text}", 11, 5, 30);

    private static final String EXPERIMENT = """
            {"spec_version": 1, "name": "does it keep?", "model": "models/tiny",
             "behaviour": {"name": "toxicity", "scorer": {"kind": "classifier", "model": "models/s", "label": "toxic"}},
             "prompts": {"dataset": "d.jsonl", "where": {"field": "score", "at_least": 0.25},
                         "prefix": {"words": 6, "vary": 3}},
             "probes": {"site": "resid_mid", "layer": 5, "layers": [1, 5], "pooling": "last", "held_out": 3},
             "pairs": {"prompts": 100, "k": 4},
             "texts": {"dataset": "t.jsonl", "examples": 10},
             "training": {"mode": "lora", "adapter": {"rank": 4, "target_modules": "all-linear"},
                          "lr_scheduler_type": "cosine", "gradient_checkpointing": true, "per_device_train_batch_size": 2},
             "evaluation": {"perplexity": {"zeta": {"dataset": "z.jsonl", "examples": 3},
                                           "alpha": {"dataset": "a.jsonl", "examples": 4}},
                            "labelled_texts": {"dataset": "l.jsonl", "label": "y", "examples": 9}},
             "arms": {"zero": {"method": "none"},
                      "probe-dpo": {"method": "dpo", "label_by": "probes", "probes": 2, "combine": "mean"},
                      "sft": {"method": "sft", "training": {"mode": "full"}},
                      "a-probe-sft": {"method": "probe_sft", "probes": 2, "combine": "timed_switch",
                                      "output": "logit", "switch_every": 9}},
             "seeds": [3, 1], "data_seed": 5, "reuse": "never", "metadata": {"team": "a"}}""";

    @Test
    void experimentComesBackAsItWasWritten() {
        ExperimentSpec spec = GoodhartJson.read(ExperimentSpec.class, EXPERIMENT);
        assertThat(GoodhartJson.read(ExperimentSpec.class, GoodhartJson.write(spec)))
                .isEqualTo(spec);
        assertThat(spec.probes().site()).isEqualTo(Site.RESID_MID);
        assertThat(spec.probes().fixedLayer()).isEqualTo(5);
        assertThat(spec.training().gradientCheckpointing()).isTrue();
        assertThat(spec.training().adapter())
                .isNotNull()
                .satisfies(adapter -> assertThat(adapter.targetModules()).containsExactly("all-linear"));
        assertThat(spec.arms().get("a-probe-sft"))
                .isEqualTo(new ArmSpec.ProbeSft(
                        null,
                        2,
                        ArmSpec.ProbeAggregation.TIMED_SWITCH,
                        9,
                        ArmSpec.ProbeOutput.LOGIT,
                        ArmSpec.ProbedModel.POLICY,
                        TrainingSpec.EMPTY));
    }

    @Test
    void onPolicyArmIsReadAndKnowsNoHyperParameterThatWouldDoNothing() {
        String arm = "{\"method\": \"grpo\", \"task\": \"anti_behaviour\", \"loss_type\": \"dr_grpo\"%s}";
        assertThat(GoodhartJson.read(ArmSpec.class, arm.formatted("")))
                .isEqualTo(new ArmSpec.Grpo(
                        ArmSpec.TaskReward.ANTI_BEHAVIOUR,
                        1.0,
                        1,
                        ArmSpec.Combine.MEAN,
                        8,
                        0.0,
                        ArmSpec.ScaleRewards.GROUP,
                        ArmSpec.GrpoLoss.DR_GRPO,
                        TrainingSpec.EMPTY));
        for (String unknown : List.of("epsilon", "num_iterations")) {
            String written = arm.formatted(", \"" + unknown + "\": 1");
            assertThatThrownBy(() -> GoodhartJson.read(ArmSpec.class, written)).hasMessageContaining(unknown);
        }
    }

    @Test
    void oneLossIsWrittenAsOneOrAsAList() {
        TrainingSpec one = GoodhartJson.read(TrainingSpec.class, "{\"loss_type\": \"hinge\"}");
        TrainingSpec many = GoodhartJson.read(
                TrainingSpec.class,
                "{\"loss_type\": [\"sigmoid\", \"sft\"], \"loss_weights\": [1, 0.5], \"kl_weight\": 0.1}");
        assertThat(one.lossType()).containsExactly(LossType.HINGE);
        assertThat(many.lossType()).containsExactly(LossType.SIGMOID, LossType.SFT);
        assertThat(many.lossWeights()).containsExactly(1.0, 0.5);
        assertThat(many.klWeight()).isEqualTo(0.1);
        assertThat(GoodhartJson.read(TrainingSpec.class, GoodhartJson.write(many)))
                .isEqualTo(many);
    }

    @Test
    void armsAndCorporaKeepTheUsersOrder() {
        ExperimentSpec spec = GoodhartJson.read(ExperimentSpec.class, EXPERIMENT);
        ExperimentSpec again = GoodhartJson.read(ExperimentSpec.class, GoodhartJson.write(spec));
        assertThat(again.arms().keySet()).containsExactly("zero", "probe-dpo", "sft", "a-probe-sft");
        assertThat(again.evaluation().perplexity().keySet()).containsExactly("zeta", "alpha");
    }

    @Test
    void streamsAndTreesGiveWhatTheTextGives() {
        ExperimentSpec spec = GoodhartJson.read(ExperimentSpec.class, EXPERIMENT);
        byte[] bytes = EXPERIMENT.getBytes(StandardCharsets.UTF_8);
        assertThat(GoodhartJson.read(ExperimentSpec.class, new ByteArrayInputStream(bytes)))
                .isEqualTo(spec);
        assertThat(GoodhartJson.readTree(ExperimentSpec.class, GoodhartJson.tree(EXPERIMENT)))
                .isEqualTo(spec);
        assertThat(GoodhartJson.readTree(Filter.class, Map.of("field", "x", "at_least", 1)))
                .isEqualTo(Filter.range("x", 1.0, null));
    }

    private static TaskSpec fitProbes() {
        return new TaskSpec.FitProbes(
                ProbeSpec.Kind.ATTENTION,
                8,
                Site.MLP_ACT,
                Pooling.PER_TOKEN,
                Aggregation.MULTIMAX,
                null,
                0.1,
                ProbeSpec.ClassWeights.BALANCED,
                ProbeSpec.CalibrationMethod.PLATT,
                new ProbeSpec.ThresholdRule(0.01),
                20,
                List.of(ProbeRole.TRAIN, ProbeRole.HELD_OUT, ProbeRole.CONTROL),
                0.5,
                Long.MAX_VALUE,
                PROMPTS.dataset(),
                null,
                "toxic",
                new ResponseSpec(48, 0.0, 0, 1.0));
    }

    static Stream<TaskSpec> everyTask() {
        return Stream.concat(trainings(), others());
    }

    private static Stream<TaskSpec> trainings() {
        TrainingSettings settings = TrainingSettings.of(TrainingSpec.EMPTY);
        return Stream.of(
                new TaskSpec.Train(
                        MODEL, new Objective.Dpo(PairLossSettings.of(TrainingSpec.EMPTY)), settings, 11, 2, true),
                new TaskSpec.Train(MODEL, new Objective.Sft(TEXTS), settings, 7, 2, null),
                new TaskSpec.Train(
                        MODEL,
                        new Objective.ProbeSft(
                                TEXTS,
                                1.5,
                                2,
                                ArmSpec.ProbeAggregation.RANDOM_SWITCH,
                                5,
                                ArmSpec.ProbeOutput.PROBABILITY,
                                ArmSpec.ProbedModel.REFERENCE),
                        settings,
                        7,
                        2,
                        null),
                new TaskSpec.Train(MODEL, onPolicy(), settings, 7, 2, null));
    }

    private static Objective onPolicy() {
        return new Objective.Grpo(
                PROMPTS,
                ResponseSpec.DEFAULTS,
                new Scorer.Classifier(MODEL, "toxic"),
                ArmSpec.TaskReward.ANTI_BEHAVIOUR,
                0.5,
                2,
                ArmSpec.Combine.MAX,
                4,
                0.1,
                ArmSpec.ScaleRewards.NONE,
                ArmSpec.GrpoLoss.DR_GRPO);
    }

    private static Stream<TaskSpec> others() {
        ResponseSpec sampling = new ResponseSpec(8, 0.7, 3, 0.9);
        Scorer scorer = new Scorer.Classifier(MODEL, "toxic");
        Map<String, TextSlice> corpora = new LinkedHashMap<>();
        corpora.put("wiki", TEXTS);
        corpora.put("books", TEXTS.first(3));
        Map<String, ArmSpec> arms = new LinkedHashMap<>();
        arms.put("z", new ArmSpec.None());
        arms.put("a", new ArmSpec.Dpo(ArmSpec.LabelBy.PROBES, 2, ArmSpec.Combine.MIN, TrainingSpec.EMPTY));
        return Stream.of(
                new TaskSpec.Generate(
                        MODEL,
                        PROMPTS,
                        5,
                        sampling,
                        Long.MIN_VALUE,
                        new TaskSpec.Capture(Site.RESID_POST, List.of(0, 3), Pooling.MEAN)),
                new TaskSpec.Generate(MODEL, PROMPTS, 1, sampling, 1, null),
                new TaskSpec.ReadTexts(
                        MODEL,
                        new TextPart(TEXTS, 10),
                        new TaskSpec.Capture(Site.RESID_POST, List.of(), Pooling.PER_TOKEN)),
                new TaskSpec.Score(scorer),
                fitProbes(),
                new TaskSpec.BuildPairs(
                        ArmSpec.LabelBy.SCORER, 0, ArmSpec.Combine.MEAN, PairSpec.Ties.RANDOM, 0.1, 0.5, 9),
                new TaskSpec.ReadPairs(MODEL, PAIRS),
                new TaskSpec.LogProbs(MODEL),
                new TaskSpec.Evaluate(MODEL, PROMPTS, sampling, 4, scorer, 0.5, corpora, TEXTS, null, SELECTION),
                new TaskSpec.Report("title", "toxicity", 0.5, arms, List.of(2L, 1L), null, null, null, null),
                new TaskSpec.Report(
                        "title",
                        "toxicity",
                        0.5,
                        arms,
                        List.of(2L),
                        List.of(SeedFactor.TRAINING),
                        sampling,
                        TextSet.LABELLED,
                        List.of(PROMPTS.dataset(), TEXTS.dataset())));
    }

    @ParameterizedTest
    @MethodSource("everyTask")
    void everyTaskComesBackAsItWasWritten(TaskSpec task) {
        String json = GoodhartJson.write(task);
        assertThat(json).startsWith("{\"kind\":\"" + task.kind() + "\"");
        assertThat(GoodhartJson.read(TaskSpec.class, json)).isEqualTo(task);
        assertThat(GoodhartJson.write(GoodhartJson.read(TaskSpec.class, json))).isEqualTo(json);
    }

    /** So are tasks that an older version has queued, and it can read these. */
    @Test
    void aTrainingWithoutCheckpointingDoesNotSpeakOfIt() {
        TaskSpec.Train training = new TaskSpec.Train(
                MODEL,
                new Objective.Dpo(PairLossSettings.of(TrainingSpec.EMPTY)),
                TrainingSettings.of(TrainingSpec.EMPTY),
                11,
                2,
                null);
        assertThat(GoodhartJson.write(training)).doesNotContain("checkpointing");
        assertThat(training.computesBlocksTwice()).isFalse();
    }

    @Test
    void everyKindOfTaskIsTried() {
        assertThat(everyTask())
                .extracting(TaskSpec::kind)
                .containsAll(TaskSpec.kinds().keySet());
    }

    @Test
    void unknownFieldIsNamedByItsPath() {
        assertRefused(EXPERIMENT.replace("\"combine\": \"mean\"", "\"mix\": 1"), "unknown_field", "arms.probe-dpo.mix");
        assertRefused(EXPERIMENT.replace("\"at_least\"", "\"atLeast\""), "unknown_field", "prompts.where.atLeast");
        assertRefused(EXPERIMENT.replace("\"k\": 4", "\"k\": 4, \"x\": null"), "unknown_field", "pairs.x");
    }

    @Test
    void wrongTypeIsNamedByItsPath() {
        assertRefused(EXPERIMENT.replace("\"k\": 4", "\"k\": \"4\""), "wrong_type", "pairs.k");
        assertRefused(EXPERIMENT.replace("\"k\": 4", "\"k\": 4.5"), "wrong_type", "pairs.k");
        assertRefused(EXPERIMENT.replace("\"k\": 4", "\"k\": true"), "wrong_type", "pairs.k");
        assertRefused(EXPERIMENT.replace("\"k\": 4", "\"k\": []"), "wrong_type", "pairs.k");
        assertRefused(EXPERIMENT.replace("\"k\": 4", "\"k\": 99999999999"), "wrong_type", "pairs.k");
        assertRefused(EXPERIMENT.replace("\"does it keep?\"", "5"), "wrong_type", "name");
        assertRefused(EXPERIMENT.replace("\"does it keep?\"", "true"), "wrong_type", "name");
        assertRefused(EXPERIMENT.replace("[3, 1]", "3"), "wrong_type", "seeds");
        assertRefused(EXPERIMENT.replace("[3, 1]", "[3, \"1\"]"), "wrong_type", "seeds[1]");
        assertRefused(EXPERIMENT.replace("\"layer\": 5", "\"layer\": 5.5"), "wrong_type", "probes.layer");
        assertRefused(EXPERIMENT.replace("0.25", "\"0.25\""), "wrong_type", "prompts.where.at_least");
    }

    @Test
    void enumsAreTakenOnlyAsTheyAreWritten() {
        assertRefused(EXPERIMENT.replace("\"resid_mid\"", "\"RESID_MID\""), "wrong_type", "probes.site");
        assertRefused(EXPERIMENT.replace("\"resid_mid\"", "1"), "wrong_type", "probes.site");
        assertRefused(EXPERIMENT.replace("\"resid_mid\"", "\"\""), "wrong_type", "probes.site");
    }

    @Test
    void missingFieldIsNamedByItsPath() {
        assertRefused(EXPERIMENT.replace("\"name\": \"does it keep?\",", ""), "missing_field", "name");
        assertRefused(EXPERIMENT.replace("\"label_by\": \"probes\",", ""), "missing_field", "arms.probe-dpo.label_by");
        assertRefused(EXPERIMENT.replace("\"field\": \"score\",", ""), "missing_field", "prompts.where.field");
        assertRefused(EXPERIMENT.replace("\"method\": \"none\"", ""), "missing_field", "arms.zero.method");
        assertRefused(TaskSpec.class, "{\"kind\":\"score\"}", "missing_field", "scorer");
        assertRefused(
                TaskSpec.class,
                GoodhartJson.write(new TaskSpec.BuildPairs(
                                ArmSpec.LabelBy.SCORER, 0, ArmSpec.Combine.MEAN, PairSpec.Ties.RANDOM, 0.1, 0.5, 9))
                        .replace("\"seed\":9", "\"seed\":null"),
                "missing_field",
                "seed");
    }

    @Test
    void unknownKindIsNamedByItsPath() {
        assertRefused(
                EXPERIMENT.replace("\"method\": \"sft\"", "\"method\": \"ppo\""), "unknown_kind", "arms.sft.method");
        assertRefused(
                EXPERIMENT.replace("\"kind\": \"classifier\"", "\"kind\": \"Classifier\""),
                "unknown_kind",
                "behaviour.scorer.kind");
        assertRefused(TaskSpec.class, "{\"kind\":\"dance\"}", "unknown_kind", "kind");
    }

    @Test
    void whatIsNotJsonIsMalformed() {
        assertRefused("", "malformed_json", null);
        assertRefused(EXPERIMENT.substring(0, 200), "malformed_json", "prompts");
        assertRefused(EXPERIMENT + " {}", "malformed_json", null);
        assertRefused("{\"name\": \"a\", \"name\": \"b\"}", "malformed_json", null);
        assertThatThrownBy(() -> GoodhartJson.read(ExperimentSpec.class, "{\"seeds\": [NaN]}"))
                .hasMessageContaining("'NaN' (line 1, column ")
                .hasMessageNotContaining("enable");
        assertRefused("null", "missing_field", null);
        assertRefused("[]", "wrong_type", null);
    }

    @Test
    void artifactsAreOneText() {
        ArtifactId id = new ArtifactId("ef".repeat(32));
        assertThat(GoodhartJson.write(Map.of("weights", id))).isEqualTo("{\"weights\":\"" + id.sha256() + "\"}");
        assertThat(GoodhartJson.read(ArtifactId.class, "\"" + id + "\"")).isEqualTo(id);
        assertRefused(ArtifactId.class, "\"ef\"", "wrong_type", null);
    }

    private static void assertRefused(String json, String code, @Nullable String field) {
        assertRefused(ExperimentSpec.class, json, code, field);
    }

    private static void assertRefused(Class<?> type, String json, String code, @Nullable String field) {
        Problem problem = refusal(type, json);
        assertThat(problem.code()).as(problem.toString()).isEqualTo(code);
        assertThat(problem.field()).as(problem.toString()).isEqualTo(field);
        assertThat(problem.message()).doesNotContain("io.goodhart").doesNotContain("java.");
    }

    private static Problem refusal(Class<?> type, String json) {
        InvalidInputException refusal =
                catchThrowableOfType(InvalidInputException.class, () -> GoodhartJson.read(type, json));
        assertThat(refusal).as(json).isNotNull();
        assertThat(refusal.problems()).hasSize(1);
        return refusal.problems().getFirst();
    }
}
