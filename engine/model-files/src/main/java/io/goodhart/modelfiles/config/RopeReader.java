package io.goodhart.modelfiles.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads rotary positions and their scaling. */
final class RopeReader {
    private static final String OLDER = "rope_scaling";
    private static final String NEWER = "rope_parameters";

    private final ConfigReader json;
    private final RopeKeys keys;
    private final JsonNode newer;

    RopeReader(ConfigReader json, RopeKeys keys) {
        this.json = json;
        this.keys = keys;
        JsonNode parameters = json.node(NEWER);
        this.newer = parameters.has(keys.layerType()) ? parameters.get(keys.layerType()) : parameters;
    }

    Rope read(int dHead) {
        double base = said(keys.base(), "rope_theta", keys.defaultBase());
        double fraction = said(keys.fraction(), "partial_rotary_factor", keys.defaultFraction());
        if (keys.defaultFraction() == 1 && keys.scaling() != RopeKeys.Scaling.USUAL_OR_LONG_ROPE && fraction != 1) {
            json.refuse(keys.fraction(), "this family turns whole heads, got " + fraction);
        }
        int dims = (int) (dHead * fraction);
        boolean even = dims >= 2 && dims <= dHead && dims % 2 == 0;
        json.check(even, keys.fraction(), "needs an even part of a head of %d, got %d".formatted(dHead, dims));
        return new Rope(even ? dims : 2, base, scaling(even ? dims : 2));
    }

    /** A setting under its older key, or in rope_parameters; where both are given they must agree. */
    private double said(String key, String newerKey, double missing) {
        double newerValue = json.positive(newer.path(newerKey), NEWER + "/" + newerKey, missing);
        double value = json.positive(key, newerValue);
        json.check(
                !newer.hasNonNull(newerKey) || value == newerValue,
                key,
                "is %s, but %s says %s".formatted(value, NEWER, newerValue));
        return value;
    }

    private Rope.Scaling scaling(int dims) {
        if (newer.hasNonNull("rope_type")) {
            return scaling(NEWER, newer, dims);
        }
        boolean other = keys.scaling() == RopeKeys.Scaling.FOR_OTHER_LAYERS;
        return other || !json.has(OLDER) ? new Rope.Scaling.None() : scaling(OLDER, json.node(OLDER), dims);
    }

    private Rope.Scaling scaling(String key, JsonNode node, int dims) {
        String type = node.path("rope_type").asString(node.path("type").asString(""));
        boolean longRope = keys.scaling() == RopeKeys.Scaling.USUAL_OR_LONG_ROPE;
        if (longRope && (type.equals("longrope") || type.equals("su"))) {
            return longRope(key, node, dims);
        }
        return switch (type) {
            case "default" -> new Rope.Scaling.None();
            case "linear" -> new Rope.Scaling.Linear(required(key, node, "factor"));
            case "llama3" -> llama3(key, node);
            default -> {
                json.refuse(key, "scaling of rotary positions by '%s' is not supported".formatted(type));
                yield new Rope.Scaling.None();
            }
        };
    }

    private Rope.Scaling llama3(String key, JsonNode node) {
        double low = required(key, node, "low_freq_factor");
        double high = required(key, node, "high_freq_factor");
        json.check(high > low, key + "/high_freq_factor", "needs to be above low_freq_factor, got " + high);
        return new Rope.Scaling.Llama3(
                required(key, node, "factor"), low, high, required(key, node, "original_max_position_embeddings"));
    }

    private double required(String key, JsonNode node, String name) {
        json.check(node.hasNonNull(name), key + "/" + name, "is missing");
        return json.positive(node.path(name), key + "/" + name, 1);
    }

    private Rope.Scaling longRope(String key, JsonNode node, int dims) {
        List<Double> divisors = new ArrayList<>();
        node.path("short_factor").forEach(factor -> divisors.add(json.positive(factor, key + "/short_factor", 1)));
        if (divisors.size() != dims / 2) {
            json.check(false, key + "/short_factor", "needs %d numbers, got %d".formatted(dims / 2, divisors.size()));
            return new Rope.Scaling.LongRope(Collections.nCopies(dims / 2, 1.0), 1);
        }
        double original = json.size("original_max_position_embeddings", 4096);
        double factor = json.size("max_position_embeddings", 4096) / original;
        double usual = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
        double magnitude = json.positive(node.path("attention_factor"), key + "/attention_factor", usual);
        return new Rope.Scaling.LongRope(divisors, magnitude);
    }
}
