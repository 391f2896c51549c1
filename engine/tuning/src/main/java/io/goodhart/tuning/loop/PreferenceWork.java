package io.goodhart.tuning.loop;

import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.logprob.PairBatch;
import io.goodhart.tuning.logprob.PairScore;
import io.goodhart.tuning.logprob.ReferenceScores;
import io.goodhart.tuning.model.TrainableModel;
import io.goodhart.tuning.objective.PairLogProbs;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.objective.PreferenceLoss;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Learning from preference pairs. */
final class PreferenceWork implements StepWork {
    private final TrainableModel model;
    private final TrainingTask.Preferences task;
    private int microBatches;

    PreferenceWork(TrainableModel model, TrainingTask.Preferences task) {
        this.model = model;
        this.task = task;
    }

    @Override
    public void begin(int step, List<int[]> microBatches, MetricAccumulator metrics) {
        this.microBatches = microBatches.size();
    }

    @Override
    public double microBatch(int[] rows, MetricAccumulator metrics) {
        List<PreferencePair> pairs =
                Arrays.stream(rows).mapToObj(task.pairs()::get).toList();
        PairLoss asked = task.loss();
        PairBatch batch = asked.kl().isPresent() ? PairBatch.ofSequences(pairs) : PairBatch.ofCompletions(pairs);
        try (Autograd.Mode _ = Autograd.recording()) {
            Tensor hiddenND = model.forward(batch.tokens(), Optional.empty()).hiddenND(batch.predicted());
            PredictionReadings readings = PredictionReadings.of(hiddenND, model.head(), batch.predicted());
            Optional<PairKl> kl = asked.kl().map(anchor -> PairKl.of(anchor, model, batch, hiddenND));
            double[] policy = batch.completionSums(readings.logProbs());
            Outcome outcome = preferenceLoss(policy, referenceSums(rows, batch, kl), batch);
            ChosenNll nll = ChosenNll.of(batch, policy);
            metrics.addTokens(batch.tokens().tokens());
            addRewardMetrics(outcome, policy, metrics);
            new PairTokenMetrics(batch, readings).addTo(metrics);
            metrics.addMean(MetricNames.NLL_CHOSEN, nll.value());
            double[] gradients = outcome.gradients();
            for (int row = 0; row < gradients.length; row++) {
                gradients[row] = asked.weight() * gradients[row] + asked.nllWeight() * nll.gradient(row);
            }
            Tensor upstreamN = LeafGradients.upstream(batch.spread(gradients, 1.0 / microBatches));
            double loss = asked.weight() * outcome.loss() + asked.nllWeight() * nll.value();
            if (asked.nllWeight() > 0 || kl.isPresent()) {
                metrics.addMean(MetricNames.PREFERENCE_LOSS, outcome.loss());
            }
            if (kl.isEmpty()) {
                Autograd.backward(readings.logProbsN(), upstreamN);
                return loss / microBatches;
            }
            kl.get().addTo(metrics);
            Tensor pairTerm = readings.logProbsN().times(upstreamN).sum(); // has the loss's gradient, not its value
            Autograd.backward(pairTerm.plus(kl.get().term().scaled(1.0 / microBatches)));
            return (loss + kl.get().loss()) / microBatches;
        }
    }

    /** Sums [2B] under the reference: known before, or at hand from the KL term, or computed now. */
    private double[] referenceSums(int[] rows, PairBatch batch, Optional<PairKl> kl) {
        if (task.reference().isPresent()) {
            List<PairScore> scores = task.reference().get();
            return PairBatch.sums(Arrays.stream(rows).mapToObj(scores::get).toList());
        }
        return kl.map(part -> ReferenceScores.sums(model, batch, part.part().referenceND()))
                .orElseGet(() -> ReferenceScores.sums(model, batch));
    }

    /** The objective of one micro-batch; arrays of the chosen rows, then the rejected ones. */
    @SuppressWarnings("ArrayRecordComponent") // never leaves this class, never compared
    private record Outcome(double loss, double[] chosenRewards, double[] rejectedRewards, double[] gradients) {}

    private Outcome preferenceLoss(double[] policy, double[] reference, PairBatch batch) {
        try (Scope _ = Scope.open()) {
            Tensor policy2B = Tensors.of(policy, policy.length).requireGradient();
            Tensor lengths2B = Tensors.of(batch.completionLengths(), policy.length);
            PreferenceLoss loss = task.loss()
                    .preference()
                    .evaluate(halves(policy2B, lengths2B), halves(Tensors.of(reference, policy.length), lengths2B));
            Tensor mean = loss.loss();
            Autograd.backward(mean);
            return new Outcome(
                    mean.asDouble(),
                    loss.chosenRewardsB().toDoubles(),
                    loss.rejectedRewardsB().toDoubles(),
                    LeafGradients.of(policy2B));
        }
    }

    private static PairLogProbs halves(Tensor sums2B, Tensor lengths2B) {
        long pairs = sums2B.size(0) / 2;
        return new PairLogProbs(
                sums2B.slice(0, 0, pairs),
                sums2B.slice(0, pairs, 2 * pairs),
                lengths2B.slice(0, 0, pairs),
                lengths2B.slice(0, pairs, 2 * pairs));
    }

    private static void addRewardMetrics(Outcome outcome, double[] policy, MetricAccumulator metrics) {
        int pairs = policy.length / 2;
        double[] chosen = outcome.chosenRewards();
        double[] rejected = outcome.rejectedRewards();
        int right = 0;
        for (int b = 0; b < pairs; b++) {
            right += chosen[b] > rejected[b] ? 1 : 0; // strictly: a tie is no success
        }
        metrics.addMean(MetricNames.REWARDS_CHOSEN, mean(chosen, 0, pairs));
        metrics.addMean(MetricNames.REWARDS_REJECTED, mean(rejected, 0, pairs));
        metrics.addMean(MetricNames.REWARDS_ACCURACIES, right / (double) pairs);
        metrics.addMean(MetricNames.REWARDS_MARGINS, mean(chosen, 0, pairs) - mean(rejected, 0, pairs));
        metrics.addMean(MetricNames.LOGPS_CHOSEN, mean(policy, 0, pairs));
        metrics.addMean(MetricNames.LOGPS_REJECTED, mean(policy, pairs, 2 * pairs));
    }

    private static double mean(double[] values, int from, int to) {
        return Arrays.stream(values, from, to).sum() / (to - from);
    }
}
