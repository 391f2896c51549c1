package io.goodhart.modelfiles.config;

/** The architecture of a model, from config.json. */
public sealed interface ModelConfig permits DecoderConfig, RobertaClassifierConfig {
    /** {@code model_type} of config.json. */
    String family();

    /** L. */
    int layers();

    /** D. */
    int dModel();

    /** F. */
    int dMlp();

    /** H. */
    int heads();

    /** G: heads that share keys and values count once. */
    int keyValueHeads();

    /** K. */
    int dHead();

    /** V. */
    int vocabulary();

    /** Longest sequence in tokens. */
    int context();

    /** Ids of beginning, end and padding. */
    SpecialTokens specialTokens();
}
