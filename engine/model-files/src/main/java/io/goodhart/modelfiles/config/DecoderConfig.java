package io.goodhart.modelfiles.config;

/** A causal language model. */
public sealed interface DecoderConfig extends ModelConfig permits Gemma3Config, Gpt2Config, LlamaConfig {
    /** Whether the output projection is the token embedding. */
    boolean tiedHead();
}
