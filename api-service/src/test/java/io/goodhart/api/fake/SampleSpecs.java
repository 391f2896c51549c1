package io.goodhart.api.fake;

import io.goodhart.db.codec.GoodhartJson;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A specification that fits {@link SampleFiles}, and variations of it. */
public final class SampleSpecs {
    private static final String SPEC = """
            {
              "spec_version": 1,
              "name": "does it survive?",
              "model": "models/gemma3",
              "behaviour": {
                "name": "politeness",
                "scorer": {"kind": "classifier", "model": "models/roberta", "label": "polite"}
              },
              "prompts": {"dataset": "data/sentences.jsonl"},
              "responses": {"max_new_tokens": 8},
              "probes": {"layer": "best", "examples": 10, "calibration": 2, "train": 2, "held_out": 1, "retrained": 1},
              "pairs": {"prompts": 20, "k": 3},
              "texts": {"dataset": "data/sentences.jsonl", "examples": 30},
              "training": {"adapter": {"rank": 2}, "max_length": 32},
              "evaluation": {
                "prompts": 20,
                "point_prompts": 10,
                "perplexity": {"rivers": {"dataset": "data/sentences.jsonl", "examples": 10}},
                "labelled_texts": {"dataset": "data/sentences.jsonl", "label": "label", "examples": 20}
              },
              "arms": {
                "baseline": {"method": "none"},
                "dpo": {"method": "dpo", "label_by": "scorer"},
                "probe-dpo": {"method": "dpo", "label_by": "probes", "probes": 2},
                "sft": {"method": "sft"},
                "probe-sft": {"method": "probe_sft", "probes": 2}
              },
              "seeds": [1, 2]
            }
            """;

    private SampleSpecs() {}

    /** JSON that is accepted. */
    public static String valid() {
        return SPEC;
    }

    /** The JSON with one value put at a JSON pointer; {@code null} takes the value away. */
    public static String with(String pointer, String json) {
        return with(SPEC, pointer, json);
    }

    /** Any JSON with one value put at a JSON pointer; {@code null} takes the value away. */
    public static String with(String spec, String pointer, String json) {
        JsonNode tree = GoodhartJson.tree(spec);
        int cut = pointer.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) tree.at(pointer.substring(0, cut));
        String name = pointer.substring(cut + 1);
        if (json.equals("null")) {
            parent.remove(name);
        } else {
            parent.set(name, GoodhartJson.tree(json));
        }
        return tree.toString();
    }
}
