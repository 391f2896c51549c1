package io.goodhart.probing;

import java.util.List;

/**
 * Several probes of the same activations as one score. Calibrated probabilities are combined, not logits. Wehner and Fritz 2025,
 * arXiv:2510.21531, section 4 and appendix B.
 *
 * @param members one or more, of equal width
 */
public record Ensemble(List<Probe> members, Combine combine) {
    /** How probabilities become one. */
    public enum Combine {
        MEAN,
        MIN,
        MAX
    }

    public Ensemble {
        members = List.copyOf(members);
        if (members.isEmpty()) {
            throw new IllegalArgumentException("Need a probe or more");
        }
        for (Probe member : members) {
            if (member.fit().d() != members.getFirst().fit().d()) {
                throw new IllegalArgumentException("Widths differ: "
                        + member.fit().d() + " and " + members.getFirst().fit().d());
            }
        }
    }

    /** Combined probabilities [N] of texts. */
    public double[] probabilities(TokenActivations texts) {
        double[] combined = members.getFirst().probabilities(texts);
        for (Probe member : members.subList(1, members.size())) {
            double[] next = member.probabilities(texts);
            for (int i = 0; i < combined.length; i++) {
                combined[i] = switch (combine) {
                    case MEAN -> combined[i] + next[i];
                    case MIN -> Math.min(combined[i], next[i]);
                    case MAX -> Math.max(combined[i], next[i]);
                };
            }
        }
        if (combine == Combine.MEAN) {
            for (int i = 0; i < combined.length; i++) {
                combined[i] /= members.size();
            }
        }
        return combined;
    }
}
