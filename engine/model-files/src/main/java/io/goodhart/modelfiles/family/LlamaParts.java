package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Projection;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.OldNames;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.RopeKeys;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What Llama and the families after it share: the keys of config.json and the names of tensors. */
record LlamaParts(ConfigReader json, Sizes sizes, NormLayout.Kind norms, double epsilon) {
    /** A default size that follows from the others: as many keys as queries, D/H per head. */
    static final int DERIVED = 0;

    private static final OldNames OLD_NAMES =
            new OldNames("", Pattern.compile("model\\.(layers\\.\\d+\\.self_attn\\.)?rotary_emb\\.inv_freq"));

    /** What a family makes of one layer. */
    interface Blocks {
        /**
         * The block of a layer.
         *
         * @param name what its tensors' names begin with
         */
        BlockLayout of(int layer, String name);
    }

    /** Reads the sizes. */
    static LlamaParts read(ConfigReader json, Sizes defaults, NormLayout.Kind norms, double defaultEpsilon) {
        int dModel = json.size("hidden_size", defaults.dModel());
        int heads = json.count("num_attention_heads", defaults.heads());
        boolean ungrouped = defaults.keyValueHeads() == DERIVED || json.isNull("num_key_value_heads");
        int keyValueHeads = json.count("num_key_value_heads", ungrouped ? heads : defaults.keyValueHeads());
        json.check(
                heads % keyValueHeads == 0,
                "num_key_value_heads",
                "%d does not divide num_attention_heads %d".formatted(keyValueHeads, heads));
        boolean derived = defaults.dHead() == DERIVED || json.isNull("head_dim");
        Sizes sizes = new Sizes(
                json.count("num_hidden_layers", defaults.layers()),
                dModel,
                json.size("intermediate_size", defaults.dMlp()),
                heads,
                keyValueHeads,
                json.headSize("head_dim", derived ? Math.max(1, dModel / heads) : defaults.dHead()),
                json.size("vocab_size", defaults.vocabulary()),
                json.size("max_position_embeddings", defaults.context()));
        return new LlamaParts(json, sizes, norms, json.positive("rms_norm_eps", defaultEpsilon));
    }

    /** The same with another longest sequence. */
    LlamaParts withContext(int context) {
        Sizes s = sizes;
        Sizes shorter = new Sizes(
                s.layers(), s.dModel(), s.dMlp(), s.heads(), s.keyValueHeads(), s.dHead(), s.vocabulary(), context);
        return new LlamaParts(json, shorter, norms, epsilon);
    }

    Rope rope(RopeKeys keys) {
        return json.rope(sizes.dHead(), keys);
    }

    NormLayout norm(String name, int size) {
        return new NormLayout(name, size, norms, epsilon);
    }

    NormLayout norm(String name) {
        return norm(name, sizes.dModel());
    }

    /** Queries, keys and values by a module each. */
    Projection projection(String block, Bias bias) {
        return new Projection.Separate(
                new LinearLayout(block + "self_attn.q_proj", sizes.queries(), sizes.dModel(), bias),
                new LinearLayout(block + "self_attn.k_proj", sizes.keys(), sizes.dModel(), bias),
                new LinearLayout(block + "self_attn.v_proj", sizes.keys(), sizes.dModel(), bias));
    }

    LinearLayout output(String block, Bias bias) {
        return new LinearLayout(block + "self_attn.o_proj", sizes.dModel(), sizes.queries(), bias);
    }

    /** Attention without norms on queries and keys; one bias setting for all four modules. */
    AttentionLayout attention(String block, Bias bias, Scores scores, Rope rope) {
        return new AttentionLayout(projection(block, bias), output(block, bias), scores, null, null, rope);
    }

    MlpLayout gatedMlp(String block, Activation activation, Bias bias) {
        return new MlpLayout(
                new MlpLayout.Input.Gated(
                        new LinearLayout(block + "mlp.gate_proj", sizes.dMlp(), sizes.dModel(), bias),
                        new LinearLayout(block + "mlp.up_proj", sizes.dMlp(), sizes.dModel(), bias)),
                activation,
                new LinearLayout(block + "mlp.down_proj", sizes.dModel(), sizes.dMlp(), bias));
    }

    /** The activation of most. */
    Activation activation() {
        return json.activation("hidden_act", Activation.SILU);
    }

    /** A block with the two norms of Llama. */
    BlockLayout preNorm(String block, AttentionLayout attention, MlpLayout mlp) {
        return BlockLayout.preNorm(
                norm(block + "input_layernorm"), attention, norm(block + "post_attention_layernorm"), mlp);
    }

    /** The whole model with plain embedding and scores. */
    DecoderConfig decoder(Family family, TiedByDefault tied, SpecialTokens defaults, Blocks blocks) {
        return decoder(family, 1, head(tied, 0), defaults, blocks);
    }

    /** Whether the head is tied where config.json does not say it. */
    enum TiedByDefault {
        YES,
        NO
    }

    DecoderConfig.Head head(TiedByDefault tied, double softcap) {
        return new DecoderConfig.Head(
                "lm_head.weight", json.flag("tie_word_embeddings", tied == TiedByDefault.YES), softcap);
    }

    /** The whole model. */
    DecoderConfig decoder(Family family, double scale, DecoderConfig.Head head, SpecialTokens defaults, Blocks blocks) {
        List<BlockLayout> all = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            all.add(blocks.of(layer, "model.layers.%d.".formatted(layer)));
        }
        return new DecoderConfig(
                family.modelType(),
                sizes,
                new DecoderConfig.Embedding("model.embed_tokens.weight", scale, null),
                all,
                norm("model.norm"),
                head,
                json.specialTokens(sizes.vocabulary(), defaults),
                OLD_NAMES);
    }
}
