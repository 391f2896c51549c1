package io.goodhart.domain.report;

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
    CONTROL
}
