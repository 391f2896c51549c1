package io.goodhart.trainer;

import io.goodhart.datasets.DataFile;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.plan.ExperimentFacts;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.Planner;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The whole graph of an experiment with as few prompts as it can do with. */
public final class MiniExperiment {
    /** What all of them read. */
    private static final String START = """
            {
              "spec_version": 1,
              "name": "%s",
              "model": "models/tiny-gemma3",
              "behaviour": {
                "name": "toxicity",
                "scorer": {"kind": "classifier", "model": "models/tiny-toxicity", "label": "toxic"}
              },
              "prompts": {
                "dataset": "data/tweets_test.jsonl",
                "prefix": {"words": 3, "vary": 4, "leave": 3}
              },
            """;

    private static final String SPEC = start("mini") + """
              "responses": {"max_new_tokens": 8},
              "probes": {
                "layers": [1, 4], "c": 0.01, "samples_per_prompt": 3, "examples": 30, "calibration": 15,
                "train": 2, "held_out": 1, "retrained": 1
              },
              "pairs": {"prompts": 12, "k": 3},
              "texts": {
                "dataset": "data/tweets_train.jsonl", "where": {"field": "toxic", "at_least": 1}, "examples": 16
              },
              "training": {"learning_rate": 1e-3, "num_train_epochs": 2, "per_device_train_batch_size": 4, "save_steps": 2},
              "evaluation": {
                "prompts": 24, "point_prompts": 8, "dpo_points": 3, "sft_points": 2, "point_texts": 4,
                "perplexity": {"wikitext": {"dataset": "data/wikitext2_test_sentences.jsonl", "examples": 8}},
                "labelled_texts": {"dataset": "data/tweets_test.jsonl", "label": "toxic", "examples": 20}
              },
              "arms": {
                "baseline": {"method": "none"},
                "probe-dpo": {"method": "dpo", "label_by": "probes", "probes": 2},
                "random-dpo": {"method": "dpo", "label_by": "random"},
                "scorer-dpo": {"method": "dpo", "label_by": "scorer", "training": {"mode": "full", "learning_rate": 1e-5}},
                "sft": {"method": "sft", "training": {"num_train_epochs": 1}},
                "probe-sft": {"method": "probe_sft", "probes": 2, "training": {"num_train_epochs": 1}}
              },
              "seeds": [7]
            }
            """;

    /** Optimiser steps of {@link #longTraining}. */
    public static final int LONG_TRAINING_STEPS = 120;

    private static final String LONG_TRAINING = start("long training") + """
              "reuse": "never",
              "responses": {"max_new_tokens": 6},
              "probes": {
                "layer": "4", "c": 0.01, "examples": 30, "calibration": 15,
                "train": 1, "held_out": 0, "retrained": 0
              },
              "texts": {
                "dataset": "data/tweets_train.jsonl", "where": {"field": "toxic", "at_least": 1}, "examples": 96
              },
              "training": {"learning_rate": 1e-3, "num_train_epochs": 5, "per_device_train_batch_size": 4, "save_steps": 5},
              "evaluation": {"prompts": 10, "point_prompts": 4, "sft_points": 9, "point_texts": 4},
              "arms": {"baseline": {"method": "none"}, "sft": {"method": "sft"}},
              "seeds": [7]
            }
            """;

    private static final String SIGNALS = start("signals") + """
              "responses": {"max_new_tokens": 6},
              "probes": {
                "site": "mlp_out", "layer": 2, "pooling": "last", "c": 0.01, "samples_per_prompt": 3, "examples": 30,
                "calibration": 15, "train": 2, "held_out": 1, "retrained": 1
              },
              "pairs": {"prompts": 8, "k": 3, "ties": "random"},
              "texts": {
                "dataset": "data/tweets_train.jsonl", "where": {"field": "toxic", "at_least": 1}, "examples": 8
              },
              "training": {"learning_rate": 1e-3, "per_device_train_batch_size": 4},
              "evaluation": {
                "prompts": 40, "point_prompts": 10, "dpo_points": 2, "sft_points": 2, "point_texts": 4,
                "perplexity": {"wikitext": {"dataset": "data/wikitext2_test_sentences.jsonl", "examples": 8}}
              },
              "arms": {
                "baseline": {"method": "none"},
                "anchored": {
                  "method": "dpo", "label_by": "probes", "probes": 2, "combine": "max",
                  "training": {"loss_type": ["hinge", "sft"], "loss_weights": [1, 0.5], "kl_weight": 0.1}
                },
                "held-sft": {"method": "probe_sft", "probes": 2, "combine": "min", "training": {"kl_weight": 0.05}},
                "weighted-sft": {"method": "probe_sft", "probes": 2, "combine": "average", "activations": "reference"},
                "on-policy": {
                  "method": "grpo", "task": "behaviour", "lambda": 0.5, "probes": 2, "combine": "max", "num_generations": 4,
                  "beta": 0.05, "training": {"save_steps": 3}
                },
                "on-policy-control": {
                  "method": "grpo", "task": "behaviour", "lambda": 0, "num_generations": 4, "beta": 0.05,
                  "training": {"save_steps": 3}
                },
                "best-by-scorer": {"method": "best_of_n", "n": 4, "label_by": "scorer"},
                "best-by-probes": {"method": "best_of_n", "n": 4, "label_by": "probes", "probes": 2},
                "any-of-n": {"method": "best_of_n", "n": 4, "label_by": "random"}
              },
              "seeds": [7, 8]
            }
            """;

    /** As many responses as let a probe of any kind be fitted, and no training. */
    private static final String PROBES = start("probes") + """
              "responses": {"max_new_tokens": 8},
              "probes": {
                "c": 0.1, "samples_per_prompt": 3, "examples": 30, "calibration": 15,
                "train": 2, "held_out": 0, "retrained": 1, %s
              },
              "evaluation": {
                "prompts": 24, "point_prompts": 10,
                "labelled_texts": {"dataset": "data/tweets_test.jsonl", "label": "toxic", "examples": 20}
              },
              "arms": {"baseline": {"method": "none"}},
              "seeds": [7]
            }
            """;

    private static final String LABELLED_PROBES = start("labelled probes") + """
              "responses": {"max_new_tokens": 6},
              "probes": {
                "c": 0.1, "examples": 20, "calibration": 10, "train": 2, "held_out": 1, "retrained": 1, "permuted": 1,
                "labelled_texts": {"dataset": "data/tweets_test.jsonl", "label": "toxic", "balanced": true}
              },
              "texts": {
                "dataset": "data/tweets_train.jsonl", "where": {"field": "toxic", "at_least": 1}, "examples": 8
              },
              "training": {"learning_rate": 1e-3, "per_device_train_batch_size": 4},
              "evaluation": {
                "prompts": 24, "point_prompts": 10, "sft_points": 2,
                "labelled_texts": {"dataset": "data/tweets_test.jsonl", "label": "toxic", "examples": 20}
              },
              "arms": {"baseline": {"method": "none"}, "sft": {"method": "sft"}},
              "seeds": [7]
            }
            """;

    private MiniExperiment() {}

    private static String start(String name) {
        return START.formatted(name);
    }

    /** Probes that are fitted on labelled texts, and a training that moves what they read. */
    public static ExperimentSpec labelledProbes() {
        String othersThreshold =
                LABELLED_PROBES.replace("\"scorer\":", "\"threshold\": 0.8, \"scorer\":"); // not the labels'
        return GoodhartJson.read(ExperimentSpec.class, othersThreshold);
    }

    /** An experiment that looks at probes only. */
    public static ExperimentSpec probes(String fields) {
        return GoodhartJson.read(ExperimentSpec.class, PROBES.formatted(fields));
    }

    /** The same with greedy responses of up to 12 tokens for the probes, where all others have up to 8. */
    public static ExperimentSpec greedyProbes() {
        return GoodhartJson.read(
                ExperimentSpec.class,
                PROBES.replace("\"samples_per_prompt\": 3, ", "")
                        .formatted("\"layer\": 4, \"responses\": {\"max_new_tokens\": 12, \"temperature\": 0}"));
    }

    /** Every term of a loss and every way to choose a response, on probes that read no residual stream. */
    public static ExperimentSpec signals() {
        return GoodhartJson.read(ExperimentSpec.class, SIGNALS);
    }

    /** An experiment that shares nothing with others and spends its time in one training. */
    public static ExperimentSpec longTraining() {
        return GoodhartJson.read(ExperimentSpec.class, LONG_TRAINING);
    }

    /** The same with steps that no weight survives. */
    public static ExperimentSpec divergingTraining() {
        return GoodhartJson.read(
                ExperimentSpec.class, LONG_TRAINING.replace("\"learning_rate\": 1e-3", "\"learning_rate\": 1e30"));
    }

    public static ExperimentSpec spec() {
        return GoodhartJson.read(ExperimentSpec.class, SPEC);
    }

    /** Facts about the bundled files, relative to the project's root. */
    public static ExperimentFacts facts() {
        ExperimentSpec spec = spec();
        Map<String, DatasetRevision> datasets = new LinkedHashMap<>();
        for (String path :
                new String[] {"data/tweets_test.jsonl", "data/tweets_train.jsonl", "data/wikitext2_test_sentences.jsonl"
                }) {
            datasets.put(path, DataFile.revision(Fixtures.root(), path));
        }
        return new ExperimentFacts(
                model(spec.model()),
                new Scorer.Classifier(model("models/tiny-toxicity").revision(), "toxic"),
                datasets);
    }

    private static ModelFacts model(String path) {
        try {
            return ModelDirectory.open(Fixtures.root().resolve(path), path).facts();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Plan plan() {
        return Planner.plan(spec(), facts(), Set.of());
    }
}
