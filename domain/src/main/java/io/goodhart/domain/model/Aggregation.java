package io.goodhart.domain.model;

/**
 * How a probe's logits s₀ … s_{T−1} of a response's tokens become its score. Kramár et al. 2026, arXiv:2601.11516, section 3; the
 * exponential moving average is that of Cunningham et al. 2026.
 */
public enum Aggregation {
    /** mean s. */
    MEAN,
    /** max s. */
    MAX,
    /** s of the last token. */
    LAST,
    /** max_t e_t, e₀ = s₀, e_t = (s_t + e_{t−1})/2. */
    EMA_MAX,
    /** Highest mean of s over full windows of ten tokens; the mean of all while there are fewer. */
    ROLLING_MEAN_MAX,
    /** Σ_h max_t s_{h,t} over a probe's heads h; of a probe with one score a token it is {@link #MAX}. */
    MULTIMAX,
    /** Σ_h Σ_t softmax_t(q_h·z_t) s_{h,t}: what an attention probe is trained with. */
    ATTENTION
}
