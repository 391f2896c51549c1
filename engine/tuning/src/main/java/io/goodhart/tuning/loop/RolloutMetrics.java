package io.goodhart.tuning.loop;

import io.goodhart.tuning.data.Rollout;
import io.goodhart.tuning.objective.GrpoObjective;
import java.util.Arrays;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a step's responses were and what they earned, under TRL's names. */
final class RolloutMetrics {
    private RolloutMetrics() {}

    static double[] rewards(List<Rollout> group, GrpoObjective objective) {
        return group.stream()
                .mapToDouble(one -> objective.reward(one.task(), one.probe()))
                .toArray();
    }

    static void add(List<List<Rollout>> groups, GrpoObjective objective, MetricAccumulator metrics) {
        List<Rollout> all = groups.stream().flatMap(List::stream).toList();
        addMoments(all, one -> objective.reward(one.task(), one.probe()), "reward", "reward_std", metrics);
        addMoments(all, Rollout::task, "rewards/task/mean", "rewards/task/std", metrics);
        addMoments(all, Rollout::probe, "rewards/probe/mean", "rewards/probe/std", metrics);
        long flat = groups.stream()
                .map(group -> known(rewards(group, objective)))
                .filter(rewards -> GrpoObjective.deviation(rewards) < 1e-8)
                .count();
        metrics.addShare("frac_reward_zero_std", flat / (double) groups.size());
        IntSummaryStatistics lengths = all.stream().mapToInt(Rollout::tokens).summaryStatistics();
        metrics.addShare("completions/mean_length", lengths.getAverage());
        metrics.addShare("completions/min_length", lengths.getMin());
        metrics.addShare("completions/max_length", lengths.getMax());
        metrics.addShare("completions/clipped_ratio", share(all, one -> one.finished() ? 0 : 1));
        metrics.addShare("completions/empty_ratio", share(all, one -> Double.isNaN(one.probe()) ? 1 : 0));
    }

    private static double share(List<Rollout> all, ToDoubleFunction<Rollout> indicator) {
        return all.stream().mapToDouble(indicator).average().orElseThrow();
    }

    private static void addMoments(
            List<Rollout> all,
            ToDoubleFunction<Rollout> value,
            String mean,
            String deviation,
            MetricAccumulator metrics) {
        double[] known = known(all.stream().mapToDouble(value).toArray());
        if (known.length > 0) {
            metrics.addShare(mean, Arrays.stream(known).average().orElseThrow());
            metrics.addShare(deviation, GrpoObjective.deviation(known));
        }
    }

    private static double[] known(double[] values) {
        return Arrays.stream(values).filter(value -> !Double.isNaN(value)).toArray();
    }
}
