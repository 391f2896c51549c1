package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Projection;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.BlockLayout.Residual;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.OldNames;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.RopeKeys;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * GPT-NeoX and Pythia: LayerNorm, attention and MLP mostly side by side, rotary positions on a part of each head, queries, keys
 * and values in one module head by head.
 */
final class GptNeox implements Family {
    private static final RopeKeys ROPE =
            new RopeKeys("rotary_emb_base", 1e4, "rotary_pct", 0.25, "full_attention", RopeKeys.Scaling.USUAL);
    private static final OldNames OLD_NAMES = new OldNames(
            "",
            Pattern.compile(
                    "gpt_neox\\.layers\\.\\d+\\.attention\\.(bias|masked_bias|rotary_emb\\.inv_freq)|gpt_neox\\.rotary_emb\\.inv_freq"));

    @Override
    public String modelType() {
        return "gpt_neox";
    }

    @Override
    public String architecture() {
        return "GPTNeoXForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        int d = json.size("hidden_size", 6144);
        int heads = json.count("num_attention_heads", 64);
        json.check(d % heads == 0, "num_attention_heads", "%d does not divide hidden_size %d".formatted(heads, d));
        Sizes sizes = new Sizes(
                json.count("num_hidden_layers", 44),
                d,
                json.size("intermediate_size", 24576),
                heads,
                heads,
                Math.max(1, d / heads),
                json.size("vocab_size", 50432),
                json.size("max_position_embeddings", 2048));
        return new DecoderConfig(
                modelType(),
                sizes,
                new DecoderConfig.Embedding("gpt_neox.embed_in.weight", 1, null),
                blocks(json, sizes),
                norm(json, "gpt_neox.final_layer_norm", d),
                new DecoderConfig.Head("embed_out.weight", json.flag("tie_word_embeddings", false), 0),
                json.specialTokens(sizes.vocabulary(), SpecialTokens.of(0, 2)),
                OLD_NAMES);
    }

    private static List<BlockLayout> blocks(ConfigReader json, Sizes sizes) {
        int d = sizes.dModel();
        int f = sizes.dMlp();
        Rope rope = json.rope(sizes.dHead(), ROPE);
        Bias bias = Bias.when(json.flag("attention_bias", true));
        Residual residual = json.flag("use_parallel_residual", true) ? Residual.PARALLEL : Residual.SEQUENTIAL;
        Activation activation = json.activation("hidden_act", Activation.GELU);
        List<BlockLayout> blocks = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            String name = "gpt_neox.layers.%d.".formatted(layer);
            AttentionLayout attention = new AttentionLayout(
                    new Projection.FusedByHead(new LinearLayout(name + "attention.query_key_value", 3 * d, d, bias)),
                    new LinearLayout(name + "attention.dense", d, d, bias),
                    Scores.ofHead(sizes.dHead()),
                    null,
                    null,
                    rope);
            MlpLayout mlp = new MlpLayout(
                    new MlpLayout.Input.Plain(new LinearLayout(name + "mlp.dense_h_to_4h", f, d, Bias.PRESENT)),
                    activation,
                    new LinearLayout(name + "mlp.dense_4h_to_h", d, f, Bias.PRESENT));
            NormLayout first = norm(json, name + "input_layernorm", d);
            NormLayout second = norm(json, name + "post_attention_layernorm", d);
            blocks.add(new BlockLayout(residual, first, attention, null, second, mlp, null));
        }
        return blocks;
    }

    private static NormLayout norm(ConfigReader json, String name, int size) {
        return new NormLayout(name, size, NormLayout.Kind.LAYER, json.positive("layer_norm_eps", 1e-5));
    }
}
