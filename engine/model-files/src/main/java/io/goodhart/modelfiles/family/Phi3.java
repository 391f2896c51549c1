package io.goodhart.modelfiles.family;

import static io.goodhart.modelfiles.family.LlamaParts.DERIVED;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Projection;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.LinearLayout.Bias;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.modelfiles.config.RopeKeys;
import io.goodhart.modelfiles.config.Sizes;
import io.goodhart.modelfiles.config.SpecialTokens;

/**
 * Phi 3, 3.5 and 4-mini: Llama with queries, keys and values in one module, gate and up in another, and rotary positions on a
 * part of each head. With LongRoPE the context ends where the pre-training's ended: up to there the short factors hold, and
 * nothing depends on how long a sequence will become.
 */
final class Phi3 implements Family {
    private static final RopeKeys ROPE = new RopeKeys(
            "rope_theta", 1e4, "partial_rotary_factor", 1, "full_attention", RopeKeys.Scaling.USUAL_OR_LONG_ROPE);

    @Override
    public String modelType() {
        return "phi3";
    }

    @Override
    public String architecture() {
        return "Phi3ForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        Sizes defaults = new Sizes(32, 3072, 8192, 32, DERIVED, DERIVED, 32064, 4096);
        LlamaParts read = LlamaParts.read(json, defaults, NormLayout.Kind.ROOT_MEAN_SQUARE, 1e-5);
        Activation activation = read.activation();
        Rope rope = read.rope(ROPE);
        LlamaParts parts = rope.scaling() instanceof Rope.Scaling.LongRope ? read.withContext(original(json)) : read;
        Sizes sizes = parts.sizes();
        Scores scores = Scores.ofHead(sizes.dHead()).within(Windows.ofAll(json, 0));
        return parts.decoder(this, LlamaParts.TiedByDefault.NO, SpecialTokens.of(1, 32000, 32000), (layer, name) -> {
            int all = sizes.queries() + 2 * sizes.keys();
            Projection projection = new Projection.Fused(
                    new LinearLayout(name + "self_attn.qkv_proj", all, sizes.dModel(), Bias.ABSENT));
            AttentionLayout attention =
                    new AttentionLayout(projection, parts.output(name, Bias.ABSENT), scores, null, null, rope);
            MlpLayout mlp = new MlpLayout(
                    new MlpLayout.Input.FusedGate(
                            new LinearLayout(name + "mlp.gate_up_proj", 2 * sizes.dMlp(), sizes.dModel(), Bias.ABSENT)),
                    activation,
                    new LinearLayout(name + "mlp.down_proj", sizes.dModel(), sizes.dMlp(), Bias.ABSENT));
            return parts.preNorm(name, attention, mlp);
        });
    }

    private static int original(ConfigReader json) {
        return Math.min(
                json.size("original_max_position_embeddings", 4096), json.size("max_position_embeddings", 4096));
    }
}
