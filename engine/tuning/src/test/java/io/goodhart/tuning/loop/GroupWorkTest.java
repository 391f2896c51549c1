package io.goodhart.tuning.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.Rollout;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.model.TinyModel;
import io.goodhart.tuning.objective.GrpoObjective;
import io.goodhart.tuning.objective.GrpoObjective.Average;
import io.goodhart.tuning.objective.SftObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupWorkTest {
    private static final TokenIds PROMPT = TokenIds.of(3, 4);

    /** The second response earns more than the first, and nothing was to be read in the third. */
    private static final List<Rollout> GROUP = List.of(
            new Rollout(PROMPT.followedBy(TokenIds.of(5, 6, 7)), 2, false, 0.2, 0.5),
            new Rollout(PROMPT.followedBy(TokenIds.of(8, 9)), 2, true, 0.8, 0.1),
            new Rollout(PROMPT.followedBy(TokenIds.of(1)), 2, true, 1, Double.NaN));

    /** Rewards of −0.05 and 0.75: what the second response has above their mean, over their deviation. */
    private static final double ADVANTAGE = 0.4 / (0.4 * Math.sqrt(2) + 1e-4);

    private static final Optimization STILL =
            new Optimization(OptimizerRule.AdamW.standard(), 0, new Schedule.Constant(0), Double.POSITIVE_INFINITY);

    @Test
    void metricsAreThoseOfTheResponses() throws IOException {
        Map<String, Double> first = run(0.1, 1).get(1);
        assertThat(first)
                .containsEntry("completions/mean_length", 2.0)
                .containsEntry("completions/min_length", 1.0)
                .containsEntry("completions/max_length", 3.0)
                .containsEntry("frac_reward_zero_std", 0.0)
                .containsEntry("num_tokens", 12.0);
        assertThat(first.get("reward")).isCloseTo(0.35, within(1e-12)); // of 0.2 − 0.25 and 0.8 − 0.05
        assertThat(first.get("reward_std")).isCloseTo(0.4 * Math.sqrt(2), within(1e-12));
        assertThat(first.get("rewards/task/mean")).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(first.get("rewards/probe/mean")).isCloseTo(0.3, within(1e-12));
        assertThat(first.get("completions/clipped_ratio")).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(first.get("completions/empty_ratio")).isCloseTo(1 / 3.0, within(1e-12));
        assertThat(first.get("kl")).isZero(); // the untrained model is its own reference
        assertThat(first.get("entropy")).isBetween(0.0, Math.log(TinyRuns.VOCABULARY));
    }

    /** At the sampling policy the loss is −Σ w·A, here −(3·A_1 + 2·A_2)/6 with A_2 = −A_1, whatever the model is. */
    @Test
    void firstLossIsKnownBeforehand() throws IOException {
        assertThat(run(0, 1).get(1).get("loss")).isCloseTo(ADVANTAGE / 6, within(1e-6));
    }

    /** The gradient is that of Σ_i |o_i|/6·A_i·NLL_i, NLL_i a response's mean negative log-likelihood, by differences of NLL_i. */
    @Test
    void gradientIsThatOfTheResponsesLikelihoods() throws IOException {
        double advantage = ADVANTAGE; // of the second response, and less it of the first
        double step = 1e-3;
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1);
                Scope _ = Scope.open()) {
            train(model, task(0), 1, STILL);
            Tensor bias = model.parameters().get("bias");
            double[] gradient = bias.gradient().toDoubles();
            float[] values = bias.toFloats();
            for (int i = 0; i < values.length; i++) {
                double[] sides = new double[2];
                for (int side = 0; side < 2; side++) {
                    float[] moved = values.clone();
                    moved[i] += (float) (side == 0 ? step : -step);
                    bias.copyFrom(Tensors.of(moved, moved.length));
                    sides[side] = -3 / 6.0 * advantage * nll(model, GROUP.get(0))
                            + 2 / 6.0 * advantage * nll(model, GROUP.get(1));
                }
                assertThat(gradient[i]).isCloseTo((sides[0] - sides[1]) / (2 * step), within(2e-4));
            }
        }
    }

    private static double nll(TinyModel model, Rollout rollout) throws IOException {
        TextExample row = new TextExample(rollout.ids(), rollout.promptLength());
        TrainingTask sft = TrainingTask.Sft.of(List.of(row), SftObjective.trl(SftObjective.Scope.COMPLETION));
        return train(model, sft, 1, STILL).get(1).get("loss");
    }

    @Test
    void policyLeavesTheReference() throws IOException {
        Map<Integer, Map<String, Double>> steps = run(0.1, 10);
        assertThat(steps.get(10).get("kl")).isPositive();
        assertThat(run(0, 10).get(10)).doesNotContainKey("kl");
    }

    private static Map<Integer, Map<String, Double>> run(double beta, int steps) throws IOException {
        try (TinyModel model = new TinyModel(TinyRuns.VOCABULARY, 1)) {
            return train(model, task(beta), steps, TinyRuns.ADAM_W);
        }
    }

    private static TrainingTask task(double beta) {
        GrpoObjective objective = new GrpoObjective(0.5, beta, true, Average.TOKEN, 4);
        return new TrainingTask.Grpo(1, objective, (step, prompts) -> List.of(GROUP));
    }

    private static Map<Integer, Map<String, Double>> train(
            TinyModel model, TrainingTask task, int steps, Optimization optimization) throws IOException {
        Recorder recorder = new Recorder();
        BatchPlan plan = new BatchPlan(1, 1, 1, steps, new DataOrder.FileOrder());
        new TrainingLoop().run(TrainingSetup.of(model, task, plan, optimization), recorder);
        return recorder.steps;
    }
}
