package io.goodhart.domain.validate;

import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.statistics.Detection;
import io.goodhart.domain.statistics.HanleyMcNeil;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment of this size can find, before it is run: the smallest true differences from the untrained model that it shows with
 * 80 % power at the first step of Holm's correction. A rate p is measured on n prompts with S seeds and once untrained:
 * variance p(1 − p)(1 + 1/S)/n. An AUC is read on n·p positive and n·(1 − p) negative texts, which all seeds share: variance 2·V·(1 − r)
 * with V of {@link HanleyMcNeil}.
 *
 * @param prompts n
 * @param seeds S
 * @param trainedArms arms that are compared with the untrained model
 * @param power chance to find such a difference
 * @param at for several shares of texts that show the behaviour before training
 * @param assumptions what was assumed
 */
public record ExpectedPrecision(
        int prompts, int seeds, int trainedArms, double power, List<AtBaseRate> at, List<String> assumptions) {
    private static final double LEVEL = 0.95;
    private static final double AUC = 0.8;
    private static final double CORRELATION = 0.5;
    private static final List<Double> BASE_RATES = List.of(0.05, 0.1, 0.25, 0.5);

    public ExpectedPrecision {
        at = List.copyOf(at);
        assumptions = List.copyOf(assumptions);
    }

    /**
     * Smallest differences at one base rate.
     *
     * @param baseRate share of texts that show the behaviour before training
     * @param rate of the behaviour rate
     * @param auroc of an AUC on the fixed texts; absent if they would lack a class
     */
    public record AtBaseRate(
            double baseRate, double rate, @Nullable Double auroc) {}

    /** Of an experiment whose values are in range. */
    public static ExpectedPrecision of(ExperimentSpec spec) {
        int arms = (int) Math.max(
                1,
                spec.arms().values().stream()
                        .filter(arm -> !(arm instanceof ArmSpec.None))
                        .count());
        int seeds = spec.seeds().size();
        int prompts = spec.evaluation().prompts();
        Detection detection = Detection.normal(LEVEL, arms);
        return new ExpectedPrecision(
                prompts,
                seeds,
                arms,
                Detection.POWER,
                BASE_RATES.stream()
                        .map(rate -> at(rate, prompts, seeds, detection))
                        .toList(),
                List.of(
                        "The behaviour is as frequent after training as before, and responses to one prompt are independent.",
                        "An AUC is 0.8, and two models' AUCs of the same texts correlate by 0.5; little training correlates more.",
                        "Seeds differ no more than their texts do. The report says what was measured instead."));
    }

    private static AtBaseRate at(double rate, int prompts, int seeds, Detection detection) {
        double ofRate = rate * (1 - rate) * (1 + 1.0 / seeds) / prompts;
        int positives = (int) Math.round(rate * prompts);
        OptionalDouble error = HanleyMcNeil.standardError(AUC, positives, prompts - positives);
        Double auroc = error.isEmpty()
                ? null
                : detection.difference(2 * error.getAsDouble() * error.getAsDouble() * (1 - CORRELATION));
        return new AtBaseRate(rate, detection.difference(ofRate), auroc);
    }
}
