package io.goodhart.domain.model;

/** What a probe is for. */
public enum ProbeRole {
    /** Training sees it. */
    TRAIN,
    /** Training never sees it. */
    HELD_OUT,
    /** Fitted after training, on the trained model's own responses, or on labelled texts as it reads them. */
    RETRAINED,
    /** Fitted after training, on the untrained model's texts as the trained model reads them. */
    REFITTED,
    /** Fitted on shuffled labels of a training probe's texts: it must tell nothing, or something leaks. */
    CONTROL
}
