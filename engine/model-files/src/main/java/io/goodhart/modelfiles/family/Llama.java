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

/** Llama 1 to 3: RMSNorm before attention and MLP, gated MLP, rotary positions, grouped keys and values. */
final class Llama implements Family {
    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public String architecture() {
        return "LlamaForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        Sizes defaults = new Sizes(32, 4096, 11008, 32, DERIVED, DERIVED, 32000, 2048);
        LlamaParts parts = LlamaParts.read(json, defaults, NormLayout.Kind.ROOT_MEAN_SQUARE, 1e-6);
        Bias attentionBias = Bias.when(json.flag("attention_bias", false));
        Bias mlpBias = Bias.when(json.flag("mlp_bias", false));
        Activation activation = parts.activation();
        Rope rope = parts.rope(RopeKeys.usual(1e4));
        Scores scores = Scores.ofHead(parts.sizes().dHead());
        return parts.decoder(
                this,
                LlamaParts.TiedByDefault.NO,
                SpecialTokens.of(1, 2),
                (layer, name) -> parts.preNorm(
                        name,
                        parts.attention(name, attentionBias, scores, rope),
                        parts.gatedMlp(name, activation, mlpBias)));
    }
}
