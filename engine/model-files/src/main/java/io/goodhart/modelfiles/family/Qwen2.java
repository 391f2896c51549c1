package io.goodhart.modelfiles.family;

import static io.goodhart.modelfiles.family.LlamaParts.DERIVED;

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
import java.util.Collections;
import java.util.List;

/** Qwen 2 and 2.5: Llama with biases on queries, keys and values, and a window for the upper layers that is mostly off. */
final class Qwen2 implements Family {
    @Override
    public String modelType() {
        return "qwen2";
    }

    @Override
    public String architecture() {
        return "Qwen2ForCausalLM";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        Sizes defaults = new Sizes(32, 4096, 22016, 32, 32, DERIVED, 151936, 32768);
        LlamaParts parts = LlamaParts.read(json, defaults, NormLayout.Kind.ROOT_MEAN_SQUARE, 1e-6);
        List<Integer> windows = windows(json, parts.sizes().layers());
        Activation activation = parts.activation();
        Rope rope = parts.rope(RopeKeys.usual(1e4));
        Scores scores = Scores.ofHead(parts.sizes().dHead());
        return parts.decoder(this, LlamaParts.TiedByDefault.NO, SpecialTokens.none(), (layer, name) -> {
            AttentionLayout attention = new AttentionLayout(
                    parts.projection(name, Bias.PRESENT),
                    parts.output(name, Bias.ABSENT),
                    scores.within(windows.get(layer)),
                    null,
                    null,
                    rope);
            return parts.preNorm(name, attention, parts.gatedMlp(name, activation, Bias.ABSENT));
        });
    }

    /** The window is switched off unless {@code use_sliding_window} says otherwise. */
    static List<Integer> windows(ConfigReader json, int layers) {
        boolean used = json.flag("use_sliding_window", false) && !json.isNull("sliding_window");
        int first = json.number("max_window_layers", 28);
        json.check(
                used || !json.texts("layer_types").contains("sliding_attention"),
                "use_sliding_window",
                "there is no window, but layers slide according to layer_types");
        return used ? Windows.ofEach(json, layers, 4096, layer -> layer >= first) : Collections.nCopies(layers, 0);
    }
}
