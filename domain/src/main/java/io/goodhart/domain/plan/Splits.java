package io.goodhart.domain.plan;

import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.ProbeTextSpec;
import io.goodhart.domain.spec.TextSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Every part of the data that an experiment reads. Of one file a corpus is drawn from what training leaves, labelled texts from what
 * training and the probes' prompts leave, the probes' own texts from what evaluation leaves, and pairs from what the evaluation's prompts leave; what comes from two files is checked for leakage
 * before anything is queued.
 *
 * @param prompts disjoint subsets of the prompts
 * @param training texts of SFT, if an arm trains with it
 * @param corpora perplexity texts by name
 * @param labelled texts with labels of their own
 * @param probeTexts labelled texts that probes are fitted on, if they are not fitted on responses
 * @param pairs preference pairs of a data set, if an arm reads them
 */
public record Splits(
        PromptAllocation prompts,
        Optional<TextSlice> training,
        Map<String, TextSlice> corpora,
        Optional<TextSlice> labelled,
        Optional<ProbeTexts> probeTexts,
        Optional<PairSlice> pairs) {
    public Splits {
        corpora = Collections.unmodifiableMap(new LinkedHashMap<>(corpora));
    }

    /** The splits of a specification whose values are in range, for each of the sets of probe prompts that its seeds use. */
    public static List<Splits> all(ExperimentSpec spec, ExperimentFacts facts) {
        return IntStream.range(0, PlanSeeds.probeSets(spec))
                .mapToObj(set -> of(spec, facts, set))
                .toList();
    }

    /** Those of the first set of probe prompts. */
    public static Splits of(ExperimentSpec spec, ExperimentFacts facts) {
        return of(spec, facts, 0);
    }

    static Splits of(ExperimentSpec spec, ExperimentFacts facts, int probeSet) {
        Optional<TextSlice> training = Optional.ofNullable(spec.texts())
                .filter(_ -> spec.arms().values().stream().anyMatch(Splits::readsTexts))
                .map(texts -> slice(facts, texts, PlanSeeds.trainingTexts(spec)));
        Map<String, TextSlice> corpora = new LinkedHashMap<>();
        spec.evaluation().perplexity().forEach((name, texts) -> {
            TextSlice corpus = slice(facts, texts, PlanSeeds.corpus(spec, name));
            corpora.put(name, without(training, corpus));
        });
        PromptAllocation prompts =
                PromptAllocation.of(spec, facts.dataset(spec.prompts().dataset()), probeSet);
        Optional<TextSlice> labelled = Optional.ofNullable(spec.evaluation().labelledTexts())
                .map(texts -> without(training, labelled(spec, facts, texts)))
                .map(texts -> spec.probes().labelledTexts() == null && isSame(texts.dataset(), prompts)
                        ? texts.without(
                                PromptAllocation.fitted(spec, texts.dataset()).bare())
                        : texts);
        return new Splits(
                prompts,
                training,
                corpora,
                labelled,
                Optional.ofNullable(spec.probes().labelledTexts())
                        .map(texts -> probeTexts(spec, facts, texts))
                        .map(all -> labelled.filter(read -> read.dataset()
                                        .sha256()
                                        .equals(all.dataset().sha256()))
                                .map(all::without)
                                .orElse(all))
                        .map(all -> isSame(all.dataset(), prompts)
                                ? all.without(prompts.evaluation().bare())
                                : all)
                        .map(all -> ProbeTexts.of(spec, all, probeSet)),
                Optional.ofNullable(spec.pairs())
                        .filter(_ -> spec.arms().values().stream().anyMatch(Splits::readsPairs))
                        .flatMap(pairs -> pairs(spec, facts, pairs, prompts)));
    }

    /**
     * Which of the texts that every model reads at the end are of the source that probes are fitted on: the untrained model's responses,
     * or labelled texts of the same file, field and label. Empty without labelled texts, and where they and the probes' own are of two
     * sources: then neither set is of the probes'.
     */
    Optional<TextSet> inDomain() {
        return labelled.flatMap(texts -> probeTexts.isEmpty()
                ? Optional.of(TextSet.FIXED)
                : probeTexts
                        .map(own -> own.fitted().texts())
                        .filter(own -> own.isOfTheSourceOf(texts))
                        .map(_ -> TextSet.LABELLED));
    }

    /** What models train on is not what they are measured on. */
    private static TextSlice without(Optional<TextSlice> training, TextSlice texts) {
        return training.filter(
                        read -> read.dataset().sha256().equals(texts.dataset().sha256()))
                .map(texts::without)
                .orElse(texts);
    }

    private static boolean isSame(DatasetRevision dataset, PromptAllocation prompts) {
        return dataset.sha256().equals(prompts.evaluation().dataset().sha256());
    }

    private static boolean readsTexts(ArmSpec arm) {
        return switch (arm) {
            case ArmSpec.None _, ArmSpec.Dpo _, ArmSpec.BestOfN _, ArmSpec.Grpo _ -> false;
            case ArmSpec.Sft _, ArmSpec.ProbeSft _ -> true;
        };
    }

    private static boolean readsPairs(ArmSpec arm) {
        return arm instanceof ArmSpec.Dpo dpo && dpo.readsPairs();
    }

    private static TextSlice slice(ExperimentFacts facts, TextSpec texts, long seed) {
        return new TextSlice(
                facts.dataset(texts.dataset()),
                texts.field(),
                null,
                null,
                texts.where(),
                false,
                seed,
                texts.examples(),
                null,
                null);
    }

    private static TextSlice labelled(ExperimentSpec spec, ExperimentFacts facts, LabelledTextSpec texts) {
        return new TextSlice(
                facts.dataset(texts.dataset()),
                texts.field(),
                texts.label(),
                texts.positive(),
                null,
                texts.balanced(),
                PlanSeeds.labelledTexts(spec),
                texts.examples(),
                null,
                null);
    }

    private static TextSlice probeTexts(ExperimentSpec spec, ExperimentFacts facts, ProbeTextSpec texts) {
        return new TextSlice(
                facts.dataset(texts.dataset()),
                texts.field(),
                texts.label(),
                texts.positive(),
                texts.where(),
                texts.balanced(),
                PlanSeeds.probeTexts(spec),
                Math.toIntExact(ProbeTexts.required(spec)),
                null,
                null);
    }

    private static Optional<PairSlice> pairs(
            ExperimentSpec spec, ExperimentFacts facts, PairSpec pairs, PromptAllocation prompts) {
        return Optional.ofNullable(pairs.dataset())
                .map(dataset -> new PairSlice(
                        facts.dataset(dataset),
                        pairs.prompt(),
                        pairs.chosen(),
                        pairs.rejected(),
                        pairs.where(),
                        PlanSeeds.pairs(spec),
                        pairs.examples(),
                        isSame(facts.dataset(dataset), prompts)
                                ? prompts.evaluation().bare()
                                : null));
    }
}
