package io.goodhart.tuning.loop;

import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.data.PredictedTokens;
import io.goodhart.tuning.data.Rollout;
import io.goodhart.tuning.model.TrainableModel;
import io.goodhart.tuning.objective.GrpoObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** On-policy training: each step samples groups of responses and learns from them once. */
final class GroupWork implements StepWork {
    /** A response with what its group makes of it. */
    private record Judged(Rollout rollout, double advantage) {}

    private final TrainableModel model;
    private final TrainingTask.Grpo task;
    private final Map<Integer, List<Judged>> groups = new LinkedHashMap<>();
    private int responses;
    private long tokens;

    GroupWork(TrainableModel model, TrainingTask.Grpo task) {
        this.model = model;
        this.task = task;
    }

    @Override
    public void begin(int step, List<int[]> microBatches, MetricAccumulator metrics) {
        int[] prompts = microBatches.stream().flatMapToInt(Arrays::stream).toArray();
        List<List<Rollout>> sampled = task.rollouts().sample(step, prompts);
        groups.clear();
        for (int i = 0; i < prompts.length; i++) {
            groups.put(prompts[i], judged(sampled.get(i)));
        }
        responses = sampled.stream().mapToInt(List::size).sum();
        tokens = sampled.stream()
                .flatMap(List::stream)
                .mapToLong(Rollout::tokens)
                .sum();
        RolloutMetrics.add(sampled, task.objective(), metrics);
    }

    private List<Judged> judged(List<Rollout> group) {
        double[] advantages = task.objective().advantages(RolloutMetrics.rewards(group, task.objective()));
        List<Judged> judged = new ArrayList<>();
        for (int i = 0; i < advantages.length; i++) {
            judged.add(new Judged(group.get(i), advantages[i]));
        }
        return judged;
    }

    @Override
    public double microBatch(int[] rows, MetricAccumulator metrics) {
        List<Judged> batchRows = Arrays.stream(rows)
                .mapToObj(row -> Objects.requireNonNull(groups.get(row)))
                .flatMap(List::stream)
                .toList();
        TokenBatch batch = TokenBatch.packed(
                batchRows.stream().map(row -> row.rollout().ids().toArray()).toList());
        PredictedTokens predicted = PredictedTokens.from(
                batch,
                batchRows.stream().mapToInt(row -> row.rollout().promptLength()).toArray());
        metrics.addTokens(batch.tokens());
        double[] reference = task.objective().beta() == 0 ? new double[0] : reference(batch, predicted);
        try (Autograd.Mode _ = Autograd.recording()) {
            Tensor hiddenND = model.forward(batch, Optional.empty()).hiddenND(predicted);
            PredictionReadings readings = PredictionReadings.of(hiddenND, model.head(), predicted);
            double entropy = 0;
            for (int n = 0; n < readings.count(); n++) {
                entropy += readings.entropy(n);
            }
            metrics.addShare(MetricNames.ENTROPY, entropy / tokens);
            Share share = share(batchRows, predicted, readings.logProbs(), reference, metrics);
            Autograd.backward(readings.logProbsN(), LeafGradients.upstream(share.gradients()));
            return share.loss();
        }
    }

    private double[] reference(TokenBatch batch, PredictedTokens predicted) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            Tensor hiddenND = model.referenceForward(batch, Optional.empty()).hiddenND(predicted);
            return PredictionReadings.of(hiddenND, model.referenceHead(), predicted)
                    .logProbs();
        }
    }

    /** Loss share of a micro-batch and its gradient with respect to each log-probability. */
    @SuppressWarnings("ArrayRecordComponent") // never leaves this class, never compared
    private record Share(double loss, double[] gradients) {}

    private Share share(
            List<Judged> rows,
            PredictedTokens predicted,
            double[] logProbs,
            double[] reference,
            MetricAccumulator metrics) {
        int count = predicted.count();
        double[] advantages = new double[count];
        double[] weights = new double[count];
        for (int n = 0; n < count; n++) {
            Judged row = rows.get(predicted.row(n));
            advantages[n] = row.advantage();
            weights[n] = task.objective().weight(row.rollout().tokens(), responses, tokens);
        }
        try (Scope _ = Scope.open()) {
            Tensor logProbsN = Tensors.of(logProbs, count).requireGradient();
            Tensor oldN = Tensors.of(logProbs, count);
            Tensor referenceN = reference.length == 0 ? oldN : Tensors.of(reference, count);
            Tensor loss = task.objective()
                    .evaluate(logProbsN, oldN, referenceN, Tensors.of(advantages, count), Tensors.of(weights, count));
            Autograd.backward(loss);
            if (reference.length > 0) {
                double kl = GrpoObjective.divergence(oldN, referenceN).sum().asDouble();
                metrics.addShare(MetricNames.KL, kl / tokens);
            }
            return new Share(loss.asDouble(), LeafGradients.of(logProbsN));
        }
    }
}
