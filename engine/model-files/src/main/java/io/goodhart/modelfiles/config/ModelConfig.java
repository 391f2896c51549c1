package io.goodhart.modelfiles.config;

/** The architecture of a model, from config.json: its sizes and its parts under the names of its tensors. */
public sealed interface ModelConfig permits DecoderConfig, ClassifierConfig {
    /** {@code model_type} of config.json. */
    String family();

    /** All sizes. */
    Sizes sizes();

    /** Ids of beginning, end and padding. */
    SpecialTokens specialTokens();

    /** What older checkpoints of the family do differently. */
    OldNames oldNames();

    /** L. */
    default int layers() {
        return sizes().layers();
    }

    /** D. */
    default int dModel() {
        return sizes().dModel();
    }

    /** F. */
    default int dMlp() {
        return sizes().dMlp();
    }

    /** H. */
    default int heads() {
        return sizes().heads();
    }

    /** G: heads that share keys and values count once. */
    default int keyValueHeads() {
        return sizes().keyValueHeads();
    }

    /** K. */
    default int dHead() {
        return sizes().dHead();
    }

    /** V. */
    default int vocabulary() {
        return sizes().vocabulary();
    }

    /** Longest sequence in tokens. */
    default int context() {
        return sizes().context();
    }
}
