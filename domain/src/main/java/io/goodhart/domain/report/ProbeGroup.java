package io.goodhart.domain.report;

import io.goodhart.domain.model.ProbeRole;

/** Probes whose readings are averaged. */
public enum ProbeGroup {
    /** Those training probes that this arm's training saw, when they are not all of them. */
    SEEN,
    /** All training probes, also where none or one of them trained the model. */
    TRAIN,
    /** Never seen by any training. */
    HELD_OUT,
    /** Fitted after training, on the trained model's own responses, or on labelled texts as it reads them. */
    RETRAINED,
    /** Fitted after training, on texts of the untrained model that every arm's refit shares. */
    REFITTED,
    /** Fitted on shuffled labels of training probes' texts: near ½ unless something leaks. */
    CONTROL;

    /** The role of its probes. */
    public ProbeRole role() {
        return switch (this) {
            case SEEN, TRAIN -> ProbeRole.TRAIN;
            case HELD_OUT -> ProbeRole.HELD_OUT;
            case RETRAINED -> ProbeRole.RETRAINED;
            case REFITTED -> ProbeRole.REFITTED;
            case CONTROL -> ProbeRole.CONTROL;
        };
    }
}
