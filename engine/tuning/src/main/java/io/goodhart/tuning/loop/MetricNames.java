package io.goodhart.tuning.loop;

/** Names of the metrics of a step: TRL's where TRL has one. */
public final class MetricNames {
    public static final String LOSS = "loss";
    /** 2-norm of the accumulated gradient over all trainable tensors, before clipping. */
    public static final String GRAD_NORM = "grad_norm";
    /** The rate that this step's update used. */
    public static final String LEARNING_RATE = "learning_rate";
    /** Passes over the data, with a fraction. */
    public static final String EPOCH = "epoch";
    /** Running total of tokens attended to, prompts included. */
    public static final String NUM_TOKENS = "num_tokens";

    public static final String MEAN_TOKEN_ACCURACY = "mean_token_accuracy";
    /** Nats per predicted token. */
    public static final String ENTROPY = "entropy";

    public static final String REWARDS_CHOSEN = "rewards/chosen";
    public static final String REWARDS_REJECTED = "rewards/rejected";
    public static final String REWARDS_ACCURACIES = "rewards/accuracies";
    public static final String REWARDS_MARGINS = "rewards/margins";
    public static final String LOGPS_CHOSEN = "logps/chosen";
    public static final String LOGPS_REJECTED = "logps/rejected";
    public static final String LOGITS_CHOSEN = "logits/chosen";
    public static final String LOGITS_REJECTED = "logits/rejected";
    /** The preference part of a loss with further terms, without its weight. */
    public static final String PREFERENCE_LOSS = "loss/preference";

    /** Nats per token of the chosen completions. */
    public static final String NLL_CHOSEN = "nll/chosen";
    /** KL from the reference without γ, nats per position; of pairs the mean of both sides. Only with a KL term. */
    public static final String KL_REF = "kl/ref";

    /** Estimated KL of the policy from the reference on its own responses, without β, nats per token. */
    public static final String KL = "kl";

    public static final String KL_CHOSEN = "kl/chosen";
    public static final String KL_REJECTED = "kl/rejected";
    /** The language-model part of a probe-SFT loss. */
    public static final String LANGUAGE_LOSS = "loss/lm";
    /** Mean value of the probes that spoke, in the unit of the objective's output. */
    public static final String PROBE_MEAN = "probe/mean";

    private MetricNames() {}
}
