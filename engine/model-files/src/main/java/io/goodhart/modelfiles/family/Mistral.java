package io.goodhart.modelfiles.family;

import static io.goodhart.modelfiles.family.LlamaParts.DERIVED;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.RopeKeys;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;

/** Mistral: Llama with one sliding window for all layers. */
final class Mistral implements Family {
    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public String architecture() {
        return "MistralForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        json.refuseUnlessNull("layer_types");
        Sizes defaults = new Sizes(32, 4096, 14336, 32, 8, DERIVED, 32000, 131072);
        LlamaParts parts = LlamaParts.read(json, defaults, NormLayout.Kind.ROOT_MEAN_SQUARE, 1e-6);
        Activation activation = parts.activation();
        Rope rope = parts.rope(RopeKeys.usual(1e4));
        Scores scores = Scores.ofHead(parts.sizes().dHead()).within(Windows.ofAll(json, 4096));
        return parts.decoder(
                this,
                LlamaParts.TiedByDefault.NO,
                SpecialTokens.of(1, 2),
                (layer, name) -> parts.preNorm(
                        name,
                        parts.attention(name, Bias.ABSENT, scores, rope),
                        parts.gatedMlp(name, activation, Bias.ABSENT)));
    }
}
