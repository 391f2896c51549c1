package io.goodhart.trainer.execute;

import io.goodhart.datasets.Prompt;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.validate.TaskMemory;
import io.goodhart.lm.generate.Decoding;
import io.goodhart.lm.generate.DivergedException;
import io.goodhart.lm.generate.Generation;
import io.goodhart.lm.generate.GenerationListener;
import io.goodhart.lm.generate.GenerationSettings;
import io.goodhart.lm.generate.Generator;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.probing.TokenActivations;
import io.goodhart.tensor.Sampling;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.StopFlag;
import io.goodhart.trainer.child.StoppedException;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Samples responses with activations. A response depends on the seed and on its prompt's index in the whole order
 * alone, so it does not matter which slice or batch the prompt comes in.
 *
 * @param samples responses to each prompt
 * @param points where activations are read
 * @param pooling means are taken while decoding; anything else needs a second reading
 */
record Sampler(ResponseSpec settings, int samples, long seed, Set<HookPoint> points, Pooling pooling) {
    Sampler {
        points = Set.copyOf(points);
    }

    /** Responses in prompt-major order, and their activations as they were while decoding. */
    Responses sample(Policy policy, List<Prompt> prompts, Stages stages, StopFlag stop) {
        List<io.goodhart.lm.generate.Prompt> tokens = new ArrayList<>();
        for (Prompt prompt : prompts) {
            int[] ids = policy.base().promptIds(prompt.text());
            int longest = ids.length + settings.maxNewTokens();
            if (ids.length == 0 || longest > policy.base().context()) {
                throw TaskFailedException.invalidInput(
                        "Prompt of row %s has %d tokens; with %d new ones it does not fit the context of %d"
                                .formatted(
                                        prompt.rowId(),
                                        ids.length,
                                        settings.maxNewTokens(),
                                        policy.base().context()));
            }
            tokens.add(io.goodhart.lm.generate.Prompt.of(prompt.index(), ids));
        }
        List<Generation> generations = generate(policy, tokens, stages, stop);
        List<ResponseRow> rows = new ArrayList<>();
        for (int n = 0; n < generations.size(); n++) {
            int number = n / samples;
            rows.add(row(policy, prompts.get(number), tokens.get(number).tokens(), generations.get(n)));
        }
        return new Responses(rows, activations(policy, generations, rows, stages, stop));
    }

    private Map<HookPoint, TokenActivations> activations(
            Policy policy, List<Generation> generations, List<ResponseRow> rows, Stages stages, StopFlag stop) {
        if (pooling != Pooling.MEAN) {
            List<Passage> passages = rows.stream().map(Passage::ofResponse).toList();
            return new TextReader(policy.decoder(), stages, stop).activations(passages, points, pooling);
        }
        Map<HookPoint, TokenActivations> means = new LinkedHashMap<>();
        for (HookPoint point : points) {
            CollectedRows collected = new CollectedRows();
            for (Generation generation : generations) {
                Optional<float[]> mean = generation.pooled(point);
                collected.add(mean.orElse(new float[0]), mean.isPresent() ? 1 : 0);
            }
            means.put(point, collected.together());
        }
        return means;
    }

    private List<Generation> generate(
            Policy policy, List<io.goodhart.lm.generate.Prompt> prompts, Stages stages, StopFlag stop) {
        Decoding decoding = settings.temperature() == 0
                ? new Decoding.Greedy()
                : new Decoding.Sampled(new Sampling(settings.temperature(), settings.topK(), settings.topP()));
        GenerationSettings generation = new GenerationSettings(
                settings.maxNewTokens(),
                samples,
                decoding,
                seed,
                policy.decoder().config().specialTokens().ends(),
                responsesAtOnce(policy, prompts),
                pooling == Pooling.MEAN ? points : Set.of(),
                Hooks.none());
        GenerationListener listener = new GenerationListener() {
            @Override
            public void onStep(Progress progress) {
                stages.done(progress.finished());
            }

            @Override
            public boolean isCancelled() {
                return stop.isRaised();
            }
        };
        try (Generator generator = new Generator(policy.decoder())) {
            return generator.generate(prompts, generation, listener);
        } catch (CancellationException e) {
            throw new StoppedException();
        } catch (DivergedException e) {
            throw new TaskFailedException(FailureCode.DIVERGED, String.valueOf(e.getMessage()), e);
        }
    }

    private int responsesAtOnce(Policy policy, List<io.goodhart.lm.generate.Prompt> prompts) {
        int longest = prompts.stream()
                .mapToInt(io.goodhart.lm.generate.Prompt::length)
                .max()
                .orElse(1);
        return TaskMemory.responsesAtOnce(policy.base().facts(), longest, settings.maxNewTokens());
    }

    private static ResponseRow row(Policy policy, Prompt prompt, int[] promptIds, Generation generation) {
        return new ResponseRow(
                prompt.index(),
                generation.sample(),
                prompt.rowId(),
                prompt.text(),
                boxed(promptIds),
                policy.base().tokenizer().decode(generation.tokens()),
                boxed(generation.drawnTokens()),
                generation.stopId().isPresent());
    }

    private static List<Integer> boxed(int[] ids) {
        return Arrays.stream(ids).boxed().toList();
    }
}
