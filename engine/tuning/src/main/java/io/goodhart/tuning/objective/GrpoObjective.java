package io.goodhart.tuning.objective;

import io.goodhart.tensor.Tensor;
import java.util.Arrays;

/**
 * Group-relative policy optimisation, Shao et al. 2024, arXiv:2402.03300, eq. 3 and 4, with one update for each batch of responses:
 *
 * <p>L = −Σ_i Σ_t w_i·(ρ_it·A_i − β·D_it), with ρ_it = π_θ(o_it)/π_old(o_it) and the KL estimator D_it = π_ref/π_θ − log(π_ref/π_θ) − 1
 * in nats. The policy that is updated is the one that sampled: ρ = 1 in value, its gradient is that of log π_θ, and the paper's clip of ρ
 * never acts. A_i = (r_i − mean r)/(std r + 10⁻⁴) within the group of responses to one prompt, the deviation with n − 1 as in TRL 1.16's
 * {@code grpo_trainer}; r_i = task_i − λ·probe_i. No gradient goes through the reward.
 *
 * @param lambda λ ≥ 0
 * @param beta β ≥ 0, weight of the KL estimate
 * @param scaled whether advantages are divided by the deviation; Dr. GRPO (Liu et al. 2025, arXiv:2503.20783) does not
 * @param average what w_i is
 * @param longest tokens of the longest response that can be
 */
public record GrpoObjective(double lambda, double beta, boolean scaled, Average average, int longest) {
    private static final double STABILITY = 1e-4;

    /** What the token of a response weighs among N responses; names of TRL's loss types in brackets. */
    public enum Average {
        /** 1/(N·|o_i|) (grpo). */
        SEQUENCE,
        /** 1/(N·longest), which favours no length (dr_grpo). */
        LONGEST,
        /** 1/Σ|o_i| (dapo). */
        TOKEN
    }

    public GrpoObjective {
        if (!(lambda >= 0 && lambda < Double.POSITIVE_INFINITY) || !(beta >= 0 && beta < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "Need finite lambda and beta of at least 0, got %s and %s".formatted(lambda, beta));
        }
        if (longest < 1) {
            throw new IllegalArgumentException("Need a longest response of at least one token, got " + longest);
        }
    }

    /** r; NaN if the probe read nothing. */
    public double reward(double task, double probe) {
        return task - lambda * probe;
    }

    /** A of one group; 0 where the reward is NaN, which counts for nobody. */
    public double[] advantages(double[] rewards) {
        double[] known =
                Arrays.stream(rewards).filter(reward -> !Double.isNaN(reward)).toArray();
        double mean = Arrays.stream(known).average().orElse(0);
        double scale = scaled ? deviation(known) + STABILITY : 1;
        return Arrays.stream(rewards)
                .map(reward -> Double.isNaN(reward) ? 0 : (reward - mean) / scale)
                .toArray();
    }

    /** Sample standard deviation; 0 of fewer than two. */
    public static double deviation(double[] values) {
        if (values.length < 2) {
            return 0;
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        return Math.sqrt(Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1));
    }

    /**
     * w of a response.
     *
     * @param tokens its tokens
     * @param responses responses of the step
     * @param allTokens tokens of all of them
     */
    public double weight(int tokens, int responses, long allTokens) {
        return switch (average) {
            case SEQUENCE -> 1.0 / ((double) responses * tokens);
            case LONGEST -> 1.0 / ((double) responses * longest);
            case TOKEN -> 1.0 / allTokens;
        };
    }

    /** D at each token [N], nats: an unbiased estimate of KL(π_θ ‖ π_ref), never negative. */
    public static Tensor divergence(Tensor logProbsN, Tensor referenceN) {
        Tensor logRatioN = referenceN.detached().minus(logProbsN);
        return logRatioN.exp().minus(logRatioN).shifted(-1);
    }

    /**
     * Share of a micro-batch in the loss of its step.
     *
     * @param logProbsN log π_θ of each sampled token [N], nats
     * @param oldN the same of the policy that sampled [N]
     * @param referenceN the same of the untrained model [N]; not looked at if β is 0
     * @param advantagesN A of each token's response [N]
     * @param weightsN w of each token's response [N]
     */
    public Tensor evaluate(Tensor logProbsN, Tensor oldN, Tensor referenceN, Tensor advantagesN, Tensor weightsN) {
        Tensor gainN = logProbsN.minus(oldN.detached()).exp().times(advantagesN);
        Tensor valueN = beta == 0
                ? gainN
                : gainN.minus(divergence(logProbsN, referenceN).scaled(beta));
        return valueN.times(weightsN).sum().negated();
    }
}
