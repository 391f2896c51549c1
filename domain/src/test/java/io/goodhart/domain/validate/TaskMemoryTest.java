package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.validate.TaskMemory.Batch;
import io.goodhart.domain.validate.TaskMemory.Graph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.aggregator.ArgumentsAccessor;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

/** The formulas against peaks that {@code benchmarks/run memory-estimate} measured; docs/performance.md says on which machine. */
class TaskMemoryTest {
    private static final double PERCENT = 15;
    private static final int SAMPLES = 4;
    private static final long HEAP = 256L << 20;

    @ParameterizedTest(name = "{0} {1} {2} {3} {4} x {5} + {6}")
    @CsvFileSource(
            resources = {"peaks-fitted.csv", "peaks-held-out.csv", "peaks-second-held-out.csv"},
            numLinesToSkip = 1)
    void theEstimateIsNearTheMeasuredPeak(ArgumentsAccessor row) {
        assertThat(HEAP + estimate(row)).isCloseTo(row.getLong(7) * 1_000_000, withinPercentage(PERCENT));
    }

    /** The misses among them, of which docs/performance.md tells. */
    @ParameterizedTest(name = "{0} {1} {2} {3} {4} x {5} + {6}")
    @CsvFileSource(resources = "peaks-missed.csv", numLinesToSkip = 1)
    void theWorstEstimatesAreWithinAQuarter(ArgumentsAccessor row) {
        assertThat(HEAP + estimate(row)).isCloseTo(row.getLong(7) * 1_000_000, withinPercentage(25));
    }

    private static long estimate(ArgumentsAccessor row) {
        String work = row.getString(0);
        if (work.equals("START")) {
            return TaskMemory.RUNTIME;
        }
        ModelFacts model = MeasuredModels.named(row.getString(1));
        String trained = row.getString(2);
        TrainingMode mode = trained.equals("FULL") ? TrainingMode.FULL : TrainingMode.LORA;
        long arm = trained.equals("BASE") ? 0 : TaskMemory.trainedWeights(model, mode);
        Graph graph = Graph.valueOf(row.getString(3));
        int rows = row.getInteger(4);
        int length = row.getInteger(5);
        Batch texts = Batch.ofTexts(rows, length);
        Batch pairs = Batch.ofPairs(rows / 2, length / 2, length - length / 2);
        long beside = switch (work) {
            case "SFT" -> training(model, mode, graph, texts.alike());
            case "SFT_RAGGED" -> training(model, mode, graph, texts);
            case "SFT_KL" -> training(model, mode, graph, texts.alike()) + TaskMemory.divergence(model, texts.alike());
            case "DPO" -> training(model, mode, graph, pairs.alike());
            case "DPO_RAGGED" -> training(model, mode, graph, pairs);
            case "DPO_KL" -> training(model, mode, graph, pairs.alike()) + TaskMemory.divergence(model, pairs.alike());
            case "GENERATE_SAMPLES" ->
                arm + TaskMemory.generation(model, rows, rows / SAMPLES, length, row.getInteger(6));
            case "GRPO" -> onPolicy(model, mode, rows, length, row.getInteger(6));
            case "GENERATE" -> arm + TaskMemory.generation(model, rows, rows, length, row.getInteger(6));
            case "COLLECT" -> TaskMemory.collecting(model, length, model.layers());
            case "LOG_PROBS" -> TaskMemory.logProbs(model, length);
            case "READ_PAIRS" -> TaskMemory.logProbs(model, length, length - length / 2);
            case "EVALUATE" -> arm + evaluating(model, rows, length, row.getInteger(6));
            case "BUILD_PAIRS" -> TaskMemory.weights(MeasuredModels.named("tiny-toxicity"));
            default -> TaskMemory.classifying(model);
        };
        return TaskMemory.RUNTIME + TaskMemory.weights(model) + beside;
    }

    private static long training(ModelFacts model, TrainingMode mode, Graph graph, Batch batch) {
        return TaskMemory.training(model, mode, AdapterSpec.DEFAULTS, graph, batch);
    }

    private static long evaluating(ModelFacts model, int rows, int length, int newTokens) {
        ModelFacts scorer = MeasuredModels.named("tiny-toxicity");
        long reading = Math.max(TaskMemory.collecting(model, length, 1), TaskMemory.logProbs(model, length));
        long sampling = TaskMemory.generation(model, rows, rows, length, newTokens);
        return TaskMemory.weights(scorer)
                + TaskMemory.oneAfterAnother(TaskMemory.classifying(scorer), reading, sampling);
    }

    private static long onPolicy(ModelFacts model, TrainingMode mode, int rows, int length, int newTokens) {
        long merged = mode == TrainingMode.LORA ? TaskMemory.trainedWeights(model, mode) : 0;
        return Math.max(
                training(model, mode, Graph.WHOLE, Batch.ofResponses(rows, length, newTokens)),
                TaskMemory.trainingState(model, mode, AdapterSpec.DEFAULTS)
                        + merged
                        + TaskMemory.generation(model, rows, rows / SAMPLES, length, newTokens));
    }

    /** Numbers that two sets of texts, to fit and to stop by, have together, and nothing of a model. */
    @ParameterizedTest(name = "{0} x {1} x {2}")
    @CsvSource({"400, 48, 192, 702", "200, 64, 768, 1044"})
    void theEstimateOfFittingIsNearTheMeasuredPeak(int texts, int length, int width, int megabytes) {
        long estimate = TaskMemory.RUNTIME + TaskMemory.fitting(2L * texts * length, width);
        assertThat(HEAP + estimate).isCloseTo(megabytes * 1_000_000L, withinPercentage(PERCENT));
    }

    @Test
    void soManyResponsesAreSampledAtOnceAsFitTwoGibibytes() {
        ModelFacts small = MeasuredModels.named("tiny-gemma3");
        ModelFacts large = MeasuredModels.named("gpt2-small");
        assertThat(TaskMemory.responsesAtOnce(small, 16, 32)).isEqualTo(256);
        assertThat(TaskMemory.responsesAtOnce(large, 64, 32)).isEqualTo(64);
        assertThat(TaskMemory.responsesAtOnce(large, 900, 124)).isEqualTo(16);
        long bound = TaskMemory.generation(large, 1, 200, 50);
        for (int length = 1; length <= 200; length++) {
            int responses = TaskMemory.responsesAtOnce(large, length, 50);
            assertThat(TaskMemory.generation(large, responses, responses, length, 50))
                    .isLessThanOrEqualTo(bound);
        }
    }

    /** llama-small: a chunk has 1,048 rows of 16,000 scores; pairs of 40 + 2 · 28 tokens have 2 · 68 predictions each. */
    @Test
    void termOfTheDivergenceCountsChunksOnceWhereThereAreSeveral() {
        ModelFacts llama = MeasuredModels.named("llama-small");
        Batch few = Batch.ofPairs(7, 40, 28).alike();
        Batch many = Batch.ofPairs(8, 40, 28).alike();
        long perPosition = 4 * 4 * 512;
        assertThat(TaskMemory.divergence(llama, few) - TaskMemory.reference(llama, few))
                .isEqualTo(952 * (perPosition + (3 + 2) * 4 * 16_000));
        assertThat(TaskMemory.divergence(llama, many) - TaskMemory.reference(llama, many))
                .isEqualTo(1088 * perPosition + (3 - 2) * 4 * 1048 * 16_000);
        Batch texts = Batch.ofTexts(7, 96).alike();
        assertThat(TaskMemory.divergence(llama, texts) - TaskMemory.reference(llama, texts))
                .isEqualTo(672 * (perPosition + 3 * 4 * 16_000));
    }

    @Test
    void tokensThatNobodyPredictsTakeNoRoomForScores() {
        ModelFacts llama = MeasuredModels.named("llama-small");
        long more = TaskMemory.logProbs(llama, 512, 100) - TaskMemory.logProbs(llama, 512, 50);
        assertThat(more).isEqualTo(2L * 4 * 8 * 50 * 16_000);
        assertThat(TaskMemory.logProbs(llama, 512)).isEqualTo(TaskMemory.logProbs(llama, 512, 512));
    }

    @Test
    void workOfSeveralKindsLeavesPiecesBehind() {
        assertThat(TaskMemory.oneAfterAnother(1000)).isEqualTo(1000);
        assertThat(TaskMemory.oneAfterAnother(100, 1000, 400)).isEqualTo(1200);
    }

    /** Soft-capped scores [B,H,T,T] grow with the square of a text: twice as long, half as many. */
    @Test
    void cappedScoresGrowWithTheLengthOfTexts() {
        ModelFacts gemma = MeasuredModels.named("gemma2-small");
        long shorter = training(
                gemma, TrainingMode.LORA, Graph.WHOLE, Batch.ofTexts(8, 64).alike());
        long longer = training(
                gemma, TrainingMode.LORA, Graph.WHOLE, Batch.ofTexts(4, 128).alike());
        long masks = 128 * 128 * (2 + 6) - 64 * 64 * (1 + 6);
        assertThat(longer - shorter).isEqualTo(4L * 512 * (6 * 2 + 2) * 6 * 64 + masks);
    }

    /** Beyond a gibibyte of weights the matrices are not copied. */
    @Test
    void largeModelsDecodeWithoutACopyOfTheirMatrices() {
        ModelFacts below = MeasuredModels.of(
                TaskMemory.COPIED_FOR_DECODING, BlockFacts.gated(16, 128), 2048, 4096, 16, 16, 128, 1000);
        ModelFacts above = MeasuredModels.of(
                TaskMemory.COPIED_FOR_DECODING + 1, BlockFacts.gated(16, 128), 2048, 4096, 16, 16, 128, 1000);
        long matrices = 16 * (4L * 2048 * 2048 + 3L * 2048 * 4096) + 1000L * 2048;
        assertThat(TaskMemory.generation(below, 4, 4, 8, 8) - TaskMemory.generation(above, 4, 4, 8, 8))
                .isEqualTo(4 * matrices);
    }

    /** All weights: base, copy, gradient and two moments are five; an adapter adds four times itself. */
    @Test
    void trainingAllWeightsHoldsFiveTimesTheModelAndMore() {
        ModelFacts model = MeasuredModels.named("gpt2-small");
        long full = training(model, TrainingMode.FULL, Graph.WHOLE, Batch.ofTexts(1, 1));
        assertThat(TaskMemory.weights(model) + full)
                .isBetween(5 * TaskMemory.weights(model), 6 * TaskMemory.weights(model));
        assertThat(TaskMemory.trainedWeights(model, TrainingMode.FULL)).isEqualTo(TaskMemory.weights(model));
        assertThat(TaskMemory.trainedWeights(model, TrainingMode.LORA)).isEqualTo(4L * 12 * 12 * 768 * 768);
    }
}
