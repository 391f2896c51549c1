package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.validate.TaskMemory.Graph;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Peak resident memory of a worker's child process beside its Java heap, in bytes: what cannot run is refused by it. Base model and
 * scorer count for every kind, because a child keeps both from task to task.
 *
 * @param bytesByKind the largest task of each kind, by the kind's outside name
 * @param checkpointed arms that train with gradient checkpointing: those that ask for it, and those that leave it open and fit the
 *     largest worker with it only
 */
public record MemoryEstimate(Map<String, Long> bytesByKind, SequencedSet<String> checkpointed) {
    public MemoryEstimate {
        bytesByKind = Collections.unmodifiableMap(new LinkedHashMap<>(bytesByKind));
        checkpointed = Collections.unmodifiableSequencedSet(new LinkedHashSet<>(checkpointed));
    }

    /** Of the tasks that a specification leads to. */
    public static MemoryEstimate of(ExperimentSpec spec, ValidationFacts facts) {
        return of(spec, facts, training -> training.isCheckpointed(resident(facts), facts.workerMemoryBytes()));
    }

    /** The same if every arm trained with gradient checkpointing, whatever it asks for. */
    public static MemoryEstimate leanest(ExperimentSpec spec, ValidationFacts facts) {
        return of(spec, facts, _ -> true);
    }

    private static MemoryEstimate of(
            ExperimentSpec spec, ValidationFacts facts, Predicate<ArmTraining> isCheckpointed) {
        Map<String, ArmTraining> trainings = ArmTraining.all(spec, facts);
        SequencedSet<String> checkpointed = new LinkedHashSet<>();
        long training = 0;
        for (Map.Entry<String, ArmTraining> arm : trainings.entrySet()) {
            Graph graph = isCheckpointed.test(arm.getValue()) ? Graph.CHECKPOINTED : Graph.WHOLE;
            if (graph == Graph.CHECKPOINTED) {
                checkpointed.add(arm.getKey());
            }
            training = Math.max(training, arm.getValue().bytes(graph));
        }
        return new MemoryEstimate(bytesByKind(spec, facts, trainings.values(), training), checkpointed);
    }

    private static long resident(ValidationFacts facts) {
        return TaskMemory.RUNTIME
                + TaskMemory.weights(facts.model())
                + facts.classifier().map(TaskMemory::weights).orElse(0L);
    }

    private static Map<String, Long> bytesByKind(
            ExperimentSpec spec, ValidationFacts facts, Collection<ArmTraining> trainings, long training) {
        ModelFacts model = facts.model();
        long resident = resident(facts);
        long trained = trainings.stream()
                .mapToLong(
                        arm -> TaskMemory.trainedWeights(model, arm.settings().mode()))
                .max()
                .orElse(0);
        int prompt = facts.prompts().longestTokens();
        int newTokens = spec.responses().maxNewTokens();
        long evaluating = TaskMemory.generation(model, 1, prompt, newTokens);
        long generating = LongStream.concat(
                        LongStream.of(TaskMemory.generation(
                                model,
                                spec.probes().samples(),
                                prompt,
                                spec.probeResponses().maxNewTokens())),
                        samplesOfArms(spec).mapToLong(k -> TaskMemory.generation(model, k, prompt, newTokens)))
                .max()
                .orElseThrow();
        int longest = facts.longestRead(spec.longestResponse());
        long reading = TaskMemory.logProbs(model, longest);
        long collecting = TaskMemory.collecting(model, longest, model.layers());
        long scoring = facts.classifier().map(TaskMemory::classifying).orElse(0L);
        Map<String, Long> work = Map.of(
                "read_texts",
                trained + collecting,
                "generate",
                trained + Math.max(generating, collecting),
                "score",
                scoring,
                "log_probs",
                reading,
                "read_pairs",
                reading,
                "train",
                training,
                "fit_probes",
                KeptTokens.of(spec, model).fittingTensors(),
                "evaluate",
                trained + TaskMemory.oneAfterAnother(scoring, evaluating, reading));
        Map<String, Long> bytes = new LinkedHashMap<>();
        TaskSpec.kinds().keySet().forEach(kind -> bytes.put(kind, resident + work.getOrDefault(kind, 0L)));
        return bytes;
    }

    /** Responses that arms sample to one prompt. */
    private static IntStream samplesOfArms(ExperimentSpec spec) {
        IntStream bestOf = spec.arms().values().stream()
                .flatMapToInt(arm -> arm instanceof ArmSpec.BestOfN best ? IntStream.of(best.n()) : IntStream.empty());
        PairSpec pairs = spec.pairs();
        return IntStream.concat(bestOf, pairs == null ? IntStream.empty() : IntStream.of(pairs.k()));
    }

    /** A child does one task after the other. */
    public long peakBytes() {
        return Collections.max(bytesByKind.values());
    }
}
