package io.goodhart.tuning.loop;

import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.data.PredictedTokens;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.model.Activations;
import io.goodhart.tuning.model.TrainableModel;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.SftObjective;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Supervised fine-tuning, with or without probes. */
final class TextWork implements StepWork {
    /**
     * The probe part of the loss.
     *
     * @param block block behind which the probes read
     */
    record ProbePart(ProbeSftObjective objective, int block) {}

    private final TrainableModel model;
    private final List<TextExample> examples;
    private final SftObjective objective;
    private final Optional<ProbePart> probePart;
    private int step;
    private int rowsOfStep;
    private long denominator;

    TextWork(TrainableModel model, List<TextExample> examples, SftObjective objective, Optional<ProbePart> probePart) {
        this.model = model;
        this.examples = examples;
        this.objective = objective;
        this.probePart = probePart;
    }

    @Override
    public void begin(int step, List<int[]> microBatches) {
        this.step = step;
        List<TextExample> rows = microBatches.stream()
                .flatMapToInt(Arrays::stream)
                .mapToObj(examples::get)
                .toList();
        rowsOfStep = rows.size();
        denominator = objective.denominator(rows);
    }

    @Override
    public double microBatch(int[] rows, MetricAccumulator metrics) {
        List<TextExample> texts = Arrays.stream(rows).mapToObj(examples::get).toList();
        TokenBatch batch = TokenBatch.packed(
                texts.stream().map(text -> text.ids().toArray()).toList());
        PredictedTokens tokens = PredictedTokens.from(
                batch, texts.stream().mapToInt(objective::firstPredicted).toArray());
        try (Autograd.Mode _ = Autograd.recording()) {
            OptionalInt tap =
                    probePart.map(part -> OptionalInt.of(part.block())).orElse(OptionalInt.empty());
            Activations activations = model.forward(batch, tap);
            PredictionReadings readings = PredictionReadings.of(activations.hiddenND(tokens), model.head(), tokens);
            LanguageLoss language = languageLoss(readings.logProbs());
            metrics.addTokens(batch.tokens());
            addPredictionMetrics(readings, metrics);
            Tensor upstreamN = LeafGradients.upstream(language.gradients());
            if (probePart.isEmpty()) {
                Autograd.backward(readings.logProbsN(), upstreamN);
                return language.share();
            }
            Tensor valueB = probePart.get().objective().value(activations.tappedMeanBD(batch), step);
            double lambda = probePart.get().objective().lambda();
            double probeShare = Arrays.stream(valueB.toDoubles()).sum() / rowsOfStep;
            metrics.addShare(MetricNames.LANGUAGE_LOSS, language.share());
            metrics.addShare(MetricNames.PROBE_MEAN, probeShare);
            Tensor languageTerm =
                    readings.logProbsN().times(upstreamN).sum(); // has the gradient of L_LM, not its value
            Autograd.backward(languageTerm.plus(valueB.sum().scaled(lambda / rowsOfStep)));
            return language.share() + lambda * probeShare;
        }
    }

    /** Loss share of a micro-batch and its gradient with respect to each log-probability. */
    @SuppressWarnings("ArrayRecordComponent") // never leaves this class, never compared
    private record LanguageLoss(double share, double[] gradients) {}

    private LanguageLoss languageLoss(double[] logProbs) {
        try (Scope _ = Scope.open()) {
            Tensor logProbsN = Tensors.of(logProbs, logProbs.length).requireGradient();
            Tensor share = objective.evaluate(logProbsN, denominator);
            Autograd.backward(share);
            return new LanguageLoss(share.asDouble(), LeafGradients.of(logProbsN));
        }
    }

    private static void addPredictionMetrics(PredictionReadings readings, MetricAccumulator metrics) {
        int count = readings.count();
        int hits = 0;
        double entropy = 0;
        for (int n = 0; n < count; n++) {
            hits += readings.hit(n) ? 1 : 0;
            entropy += readings.entropy(n);
        }
        metrics.addMean(MetricNames.MEAN_TOKEN_ACCURACY, hits / (double) count);
        metrics.addMean(MetricNames.ENTROPY, entropy / count);
    }
}
