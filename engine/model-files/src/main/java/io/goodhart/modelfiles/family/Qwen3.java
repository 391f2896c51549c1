package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.RopeKeys;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.List;

/** Qwen 3: Llama with norms on each query and key, and a window for the upper layers that is mostly off. */
final class Qwen3 implements Family {
    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public String architecture() {
        return "Qwen3ForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        Sizes defaults = new Sizes(32, 4096, 22016, 32, 32, 128, 151936, 32768);
        LlamaParts parts = LlamaParts.read(json, defaults, NormLayout.Kind.ROOT_MEAN_SQUARE, 1e-6);
        List<Integer> windows = Qwen2.windows(json, parts.sizes().layers());
        Bias bias = Bias.when(json.flag("attention_bias", false));
        Activation activation = parts.activation();
        Rope rope = parts.rope(RopeKeys.usual(1e4));
        int dHead = parts.sizes().dHead();
        return parts.decoder(this, LlamaParts.TiedByDefault.NO, SpecialTokens.none(), (layer, name) -> {
            Scores scores = Scores.ofHead(dHead).within(windows.get(layer));
            AttentionLayout attention = parts.attention(name, bias, scores, rope)
                    .normed(parts.norm(name + "self_attn.q_norm", dHead), parts.norm(name + "self_attn.k_norm", dHead));
            return parts.preNorm(name, attention, parts.gatedMlp(name, activation, Bias.ABSENT));
        });
    }
}
