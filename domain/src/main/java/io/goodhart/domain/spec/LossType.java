package io.goodhart.domain.spec;

/** Losses on preference pairs, by TRL's names. */
public enum LossType {
    /** DPO (Rafailov et al. 2023); with label smoothing, conservative DPO (Mitchell 2023), which TRL 1.16 leaves out. */
    SIGMOID,
    /** Provably robust DPO (Ray Chowdhury et al. 2024); label smoothing is the probability of a flipped label. */
    ROBUST,
    /** SLiC's hinge on DPO's margin (Zhao et al. 2023). */
    HINGE,
    /** IPO (Azar et al. 2023), on means over a completion's tokens, as TRL has it. */
    IPO,
    /** Negative log-likelihood of the chosen completions, beside one of the others. */
    SFT
}
