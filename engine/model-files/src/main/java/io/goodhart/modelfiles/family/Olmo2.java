package io.goodhart.modelfiles.family;

import static io.goodhart.modelfiles.family.LlamaParts.DERIVED;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.RopeKeys;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.List;
import java.util.OptionalInt;

/** OLMo 2: norms after attention and MLP only, and over all queries and all keys of a token. */
final class Olmo2 implements Family {
    @Override
    public String modelType() {
        return "olmo2";
    }

    @Override
    public String architecture() {
        return "Olmo2ForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        Sizes defaults = new Sizes(32, 4096, 11008, 32, DERIVED, DERIVED, 50304, 2048);
        LlamaParts parts = LlamaParts.read(json, defaults, NormLayout.Kind.ROOT_MEAN_SQUARE, 1e-5);
        Bias bias = Bias.when(json.flag("attention_bias", false));
        Activation activation = parts.activation();
        Rope rope = parts.rope(RopeKeys.usual(1e4));
        Sizes sizes = parts.sizes();
        Scores scores = Scores.ofHead(sizes.dHead());
        SpecialTokens tokens = new SpecialTokens(OptionalInt.empty(), List.of(50279), OptionalInt.of(1));
        return parts.decoder(this, LlamaParts.TiedByDefault.NO, tokens, (layer, name) -> {
            AttentionLayout attention = parts.attention(name, bias, scores, rope)
                    .normed(
                            parts.norm(name + "self_attn.q_norm", sizes.queries()),
                            parts.norm(name + "self_attn.k_norm", sizes.keys()));
            return new BlockLayout(
                    BlockLayout.Residual.SEQUENTIAL,
                    null,
                    attention,
                    parts.norm(name + "post_attention_layernorm"),
                    null,
                    parts.gatedMlp(name, activation, Bias.ABSENT),
                    parts.norm(name + "post_feedforward_layernorm"));
        });
    }
}
