package io.goodhart.domain.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A question about one model: arms × seeds, and all that is held fixed. What a user submits.
 *
 * @param specVersion version of this shape; 1
 * @param name what the experiment asks, for people
 * @param model directory of the base model, relative to the files root
 * @param behaviour what is to be changed
 * @param prompts where prompts come from
 * @param responses how responses are sampled; those that probes are fitted on, unless {@code probes.responses} says otherwise
 * @param probes which probes are fitted
 * @param pairs how preference pairs are made; required by arms that train with DPO
 * @param texts what SFT trains on; required by arms that train with SFT
 * @param training hyper-parameters of every arm, unless an arm says otherwise
 * @param evaluation what is measured, and when
 * @param arms ways of training, by name; exactly one has method {@code none}
 * @param seeds one run per arm and seed
 * @param dataSeed varies what no run's seed does: prompt allocation, and unless {@code seedVaries} says otherwise sampling
 * @param reuse whether results of earlier tasks with the same content may be used
 * @param metadata free labels of the user, at most 16
 * @param seedVaries what a run's seed varies, so that intervals over seeds count it; the training always
 * @param reference published numbers to show beside the measured ones
 */
public record ExperimentSpec(
        Integer specVersion,
        String name,
        String model,
        BehaviourSpec behaviour,
        PromptSpec prompts,
        ResponseSpec responses,
        ProbeSpec probes,
        @Nullable PairSpec pairs,
        @Nullable TextSpec texts,
        TrainingSpec training,
        EvaluationSpec evaluation,
        Map<String, ArmSpec> arms,
        List<Long> seeds,
        Long dataSeed,
        Reuse reuse,
        Map<String, String> metadata,
        List<SeedFactor> seedVaries,
        @Nullable ReferenceSpec reference) {
    /** The only version there is. */
    public static final int CURRENT_VERSION = 1;

    public ExperimentSpec {
        specVersion = Require.present(specVersion, "spec_version");
        name = Require.present(name, "name");
        model = Require.present(model, "model");
        behaviour = Require.present(behaviour, "behaviour");
        prompts = Require.present(prompts, "prompts");
        responses = Require.orElse(responses, ResponseSpec.DEFAULTS);
        probes = Require.present(probes, "probes");
        training = Require.orElse(training, TrainingSpec.EMPTY);
        evaluation = Require.orElse(evaluation, EvaluationSpec.DEFAULTS);
        arms = Collections.unmodifiableMap(new LinkedHashMap<>(Require.present(arms, "arms")));
        seeds = List.copyOf(Require.present(seeds, "seeds"));
        dataSeed = Require.orElse(dataSeed, 0L);
        reuse = Require.orElse(reuse, Reuse.ALWAYS);
        metadata = Map.copyOf(Require.orElse(metadata, Map.of()));
        seedVaries = List.copyOf(Require.orElse(seedVaries, List.of(SeedFactor.TRAINING)));
    }

    /** Whether a run's seed varies something. */
    public boolean varies(SeedFactor factor) {
        return seedVaries.contains(factor);
    }

    /** How the responses are sampled that probes are fitted on, those of retrained probes too. */
    public ResponseSpec probeResponses() {
        return Objects.requireNonNullElse(probes.responses(), responses).inEffect();
    }

    /** Tokens that a response has at most, whatever it is sampled for. */
    public int longestResponse() {
        return Math.max(responses.maxNewTokens(), probeResponses().maxNewTokens());
    }

    /** Whether finished tasks with the same content key are used again. */
    public enum Reuse {
        ALWAYS,
        NEVER
    }
}
