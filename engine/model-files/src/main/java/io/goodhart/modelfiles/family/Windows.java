package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.ConfigReader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;

/** Which layers attend to a window only. */
final class Windows {
    private static final String WINDOW = "sliding_window";
    private static final String TYPES = "layer_types";

    private Windows() {}

    /** The window of every layer, for models where all have the same; 0: none. */
    static int ofAll(ConfigReader json, int missing) {
        return json.isNull(WINDOW) ? 0 : json.size(WINDOW, missing);
    }

    /**
     * The window of each layer, 0 for full attention: by {@code layer_types}, or by the architecture's pattern.
     *
     * @param slides which layers slide where config.json does not list their types
     */
    static List<Integer> ofEach(ConfigReader json, int layers, int missing, IntPredicate slides) {
        List<Boolean> sliding = sliding(json, layers, slides);
        int window = ofAll(json, missing);
        json.check(window > 0 || !sliding.contains(true), WINDOW, "is null, but layers slide according to " + TYPES);
        return sliding.stream().map(slide -> slide ? window : 0).toList();
    }

    private static List<Boolean> sliding(ConfigReader json, int layers, IntPredicate slides) {
        List<String> types = json.texts(TYPES);
        List<Boolean> sliding = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            boolean listed = layer < types.size();
            sliding.add(listed ? types.get(layer).equals("sliding_attention") : slides.test(layer));
        }
        json.check(
                types.isEmpty() || types.size() == layers,
                TYPES,
                "has %d entries for %d layers".formatted(types.size(), layers));
        types.stream()
                .filter(type -> !type.equals("sliding_attention") && !type.equals("full_attention"))
                .distinct()
                .forEach(type -> json.check(false, TYPES, "has the unknown type " + type));
        return sliding;
    }
}
