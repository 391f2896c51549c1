package io.goodhart.domain.plan;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.SeedFactor;
import io.goodhart.domain.spec.TrainingSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one task computes, without its inputs: those are named references to other tasks' outputs ({@link PlannedTask}).
 * Each kind lists its inputs and outputs; {@code .i} stands for 0, 1, 2, …
 */
public sealed interface TaskSpec {
    /** Every kind by the name it has outside. */
    static Map<String, Class<? extends TaskSpec>> kinds() {
        Map<String, Class<? extends TaskSpec>> kinds = new LinkedHashMap<>();
        kinds.put("generate", Generate.class);
        kinds.put("read_texts", ReadTexts.class);
        kinds.put("score", Score.class);
        kinds.put("fit_probes", FitProbes.class);
        kinds.put("build_pairs", BuildPairs.class);
        kinds.put("read_pairs", ReadPairs.class);
        kinds.put("log_probs", LogProbs.class);
        kinds.put("train", Train.class);
        kinds.put("evaluate", Evaluate.class);
        kinds.put("report", Report.class);
        return Collections.unmodifiableMap(kinds);
    }

    /** The outside name of this kind. */
    default String kind() {
        return kinds().entrySet().stream()
                .filter(entry -> entry.getValue().isInstance(this))
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    /** Every data file that this reads. */
    default List<DatasetRevision> datasets() {
        return switch (this) {
            case Generate generate -> List.of(generate.prompts().dataset());
            case ReadTexts read -> List.of(read.part().texts().dataset());
            case ReadPairs read -> List.of(read.pairs().dataset());
            case Train train -> train.objective().datasets();
            case Evaluate evaluate -> evaluate.everyDataset();
            case Score score -> score.scorer().datasets();
            case FitProbes _, BuildPairs _, LogProbs _, Report _ -> List.of();
        };
    }

    /**
     * Samples responses. Greedy decoding draws nothing: its seed is 0.
     *
     * <p>Inputs: {@code weights} (optional: what training moved), {@code probes} (iff {@code capture} names no layers: its
     * layer is captured). Outputs: {@code responses} (JSON lines), {@code activations} (safetensors, one [N,D] per
     * captured layer, or [ΣT,D] with offsets where tokens are kept; only with {@code capture}).
     */
    record Generate(
            ModelRevision model,
            PromptSlice prompts,
            int samplesPerPrompt,
            ResponseSpec sampling,
            long seed,
            @Nullable Capture capture)
            implements TaskSpec {
        public Generate {
            sampling = sampling.inEffect();
            seed = sampling.drawsRandomly() ? seed : 0;
        }
    }

    /**
     * Reads labelled texts as if they were responses to an empty prompt.
     *
     * <p>Inputs: as of {@link Generate}. Outputs: {@code responses} (JSON lines), {@code scores} (safetensors, {@code score} [N]
     * float64: 1 of a positive text, 0 of a negative one), {@code activations} (as there).
     */
    record ReadTexts(ModelRevision model, TextPart part, Capture capture) implements TaskSpec {}

    /**
     * Activations of each response's tokens: means while decoding, anything else by reading the responses once more.
     *
     * @param layers layers to capture; empty: the layer that the input {@code probes} reads
     */
    record Capture(Site site, List<Integer> layers, Pooling pooling) {
        public Capture {
            layers = List.copyOf(layers);
        }
    }

    /** Scores responses. Input: {@code responses}. Output: {@code scores} (safetensors, {@code score} [N] float64). */
    record Score(Scorer scorer) implements TaskSpec {}

    /**
     * Sweeps layers and fits probes. The inputs {@code responses.i}, {@code scores.i}, {@code activations.i} belong to
     * probe i; the first {@code fitPrompts} prompts of a subset fit, the others calibrate. Input {@code probes}
     * (optional): use its layer, do not sweep. Outputs: {@code probes} (safetensors), {@code sweep} (JSON). A {@code control}
     * is fitted on its texts with their labels shuffled.
     *
     * @param size heads, hidden units or directions; 0 for kinds without
     * @param aggregation how a text's score is made of its rows'
     * @param roles role of probe i
     * @param layer the layer, or null: the best by validation AUC among those captured
     * @param threshold a response is positive iff its score is at least this
     * @param thresholdRule what chooses the probes' own threshold; null: the highest accuracy
     * @param seed of networks' starts and of shuffled labels; 0 without them
     * @param dataset where the prompts or labelled texts are from, for the record
     * @param template what the prompts were put into, for the record; null for labelled texts
     * @param label which labelled texts are positive, for the record; null for responses
     * @param sampling how the responses were sampled, for the record and as its inputs' keys say; null for labelled texts
     */
    record FitProbes(
            ProbeSpec.Kind probeKind,
            int size,
            Site site,
            Pooling pooling,
            Aggregation aggregation,
            @Nullable Integer layer,
            double c,
            ProbeSpec.ClassWeights classWeights,
            ProbeSpec.CalibrationMethod calibration,
            ProbeSpec.@Nullable ThresholdRule thresholdRule,
            int fitPrompts,
            List<ProbeRole> roles,
            double threshold,
            long seed,
            DatasetRevision dataset,
            @Nullable String template,
            @Nullable String label,
            @NotInKey @Nullable ResponseSpec sampling)
            implements TaskSpec {
        public FitProbes {
            roles = List.copyOf(roles);
        }
    }

    /**
     * Chooses and rejects. Inputs: {@code responses.i}, {@code scores.i}, {@code log_probs.i} of the shards, and with probes
     * {@code activations.i} and {@code probes}. Outputs: {@code pairs} (JSON lines), {@code summary} (JSON).
     *
     * @param probes number of training probes that label; 0 unless {@code labelBy} is probes
     * @param threshold of the behaviour, for the summary
     * @param ties what becomes of equal labels
     * @param seed of random labels and of ties at random; 0 without them
     */
    record BuildPairs(
            ArmSpec.LabelBy labelBy,
            int probes,
            ArmSpec.Combine combine,
            PairSpec.Ties ties,
            double margin,
            double threshold,
            long seed)
            implements TaskSpec {}

    /**
     * Reads pairs of a data set as the model's tokens, those of chats by its chat template, with the base model's log π(y|x).
     * Outputs: {@code pairs} (JSON lines), {@code summary} (JSON).
     */
    record ReadPairs(ModelRevision model, PairSlice pairs) implements TaskSpec {}

    /** The base model's log π(y|x) of responses. Input: {@code responses}. Output: {@code log_probs} (safetensors [N]). */
    record LogProbs(ModelRevision model) implements TaskSpec {}

    /**
     * Trains. Inputs by objective: {@code pairs} (DPO), {@code probes} (probe-SFT and GRPO). Outputs:
     * {@code weights.p} for each evaluation point p ≥ 1 (the last one is the trained model; an adapter in PEFT's format,
     * or all weights), {@code summary} (JSON).
     *
     * @param points evaluation points, the untrained start among them
     * @param seed of initialisation, order and dropout
     * @param gradientCheckpointing true: blocks are computed twice to save memory, with the same gradients bit by bit
     */
    record Train(
            ModelRevision model,
            Objective objective,
            TrainingSettings settings,
            int points,
            long seed,
            @NotInKey @Nullable Boolean gradientCheckpointing)
            implements TaskSpec {
        /** Rows of a micro-batch: pairs, texts, or of GRPO prompts, because a micro-batch holds whole groups of responses. */
        public int rowsAtOnce() {
            int asked = settings.perDeviceTrainBatchSize();
            return objective instanceof Objective.Grpo grpo ? asked / grpo.numGenerations() : asked;
        }

        /** Whether it trains with gradient checkpointing. */
        public boolean computesBlocksTwice() {
            return Boolean.TRUE.equals(gradientCheckpointing);
        }
    }

    /**
     * Measures a model. Inputs: {@code weights} (optional), {@code probes}, {@code retrained} (optional: probes fitted on
     * this model), {@code baseline.responses} and {@code baseline.details} (absent for the baseline itself: its texts are
     * the fixed texts that every model reads), and with {@code refit} {@code refit.responses.i} and {@code refit.scores.i}: the
     * untrained model's responses that probe i is fitted on, as this model reads them. With {@code selection} nothing is sampled: {@code
     * best.responses.i} and {@code best.scores.i} of the shards are chosen from, with probes by {@code best.activations.i}. Outputs: {@code evaluation} (JSON), {@code responses} (JSON lines),
     * {@code details} (safetensors: per response scores and probe probabilities), and with {@code selection} {@code point.n} (JSON: what
     * the best of the first n are) for each of its points.
     *
     * @param corpora perplexity texts by name
     * @param labelledTexts texts with labels of their own
     * @param refit how probes are fitted anew, on texts that every model reads
     * @param selection which of several responses to a prompt is the model's own; null: its only one
     */
    record Evaluate(
            ModelRevision model,
            PromptSlice prompts,
            ResponseSpec sampling,
            long seed,
            Scorer scorer,
            double threshold,
            Map<String, TextSlice> corpora,
            @Nullable TextSlice labelledTexts,
            @Nullable FitProbes refit,
            @Nullable Selection selection)
            implements TaskSpec {
        public Evaluate {
            sampling = sampling.inEffect();
            seed = sampling.drawsRandomly() ? seed : 0;
            corpora = Collections.unmodifiableMap(new LinkedHashMap<>(corpora));
        }

        private List<DatasetRevision> everyDataset() {
            List<DatasetRevision> datasets = new ArrayList<>(scorer.datasets());
            datasets.add(prompts.dataset());
            corpora.values().forEach(slice -> datasets.add(slice.dataset()));
            if (labelledTexts != null) {
                datasets.add(labelledTexts.dataset());
            }
            return datasets;
        }
    }

    /**
     * Of the responses to a prompt the one with the lowest label is taken.
     *
     * @param probes number of training probes that label; 0 unless {@code labelBy} is probes
     * @param seed of random labels; 0 without them
     * @param points numbers of first responses whose best is measured, rising; the last is all of them
     */
    record Selection(ArmSpec.LabelBy labelBy, int probes, ArmSpec.Combine combine, long seed, List<Integer> points) {
        public Selection {
            points = List.copyOf(points);
        }
    }

    /**
     * Answers the experiment. Inputs: {@code sweep}; {@code final.ARM.SEED} and {@code details.ARM.SEED};
     * {@code point.ARM.SEED.P}; {@code training.ARM.SEED}; {@code pairs.ARM.SEED}. Of a run whose training diverged all but the pairs and point 0 are absent; without pairs they are, too.
     * Output: {@code report} (JSON).
     *
     * @param title the experiment's name
     * @param behaviour name of the behaviour
     * @param threshold of the behaviour
     * @param arms every arm with all its hyper-parameters, in the user's order
     * @param seeds every seed
     * @param seedVaries what a seed varies; absent: the training alone
     * @param probeResponses how the responses are sampled that probes are fitted on; absent: as all others
     * @param inDomain which of the final evaluation's fixed and labelled texts are of the source that probes are fitted on; absent: both or none
     * @param sources every data file that the tasks behind the report read, by path; absent in what was planned before they were listed
     */
    record Report(
            String title,
            String behaviour,
            double threshold,
            Map<String, ArmSpec> arms,
            List<Long> seeds,
            @Nullable List<SeedFactor> seedVaries,
            @Nullable ResponseSpec probeResponses,
            @Nullable TextSet inDomain,
            @Nullable List<DatasetRevision> sources)
            implements TaskSpec {
        public Report {
            sources = sources == null ? null : List.copyOf(sources);
            arms = Collections.unmodifiableMap(new LinkedHashMap<>(arms));
            seeds = List.copyOf(seeds);
            seedVaries = seedVaries == null ? null : List.copyOf(seedVaries);
        }
    }
}
