package io.goodhart.api.facts;

import io.goodhart.api.facts.DataCatalog.Corpus;
import io.goodhart.datasets.TextQuery;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.plan.ExperimentFacts;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.Splits;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.ProbeTextSpec;
import io.goodhart.domain.spec.ScorerSpec;
import io.goodhart.domain.spec.TextSpec;
import io.goodhart.domain.validate.PairFacts;
import io.goodhart.domain.validate.PromptFacts;
import io.goodhart.domain.validate.TextFacts;
import io.goodhart.domain.validate.ValidationFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Looks at every file that a specification names, and at all of them even if the first one is refused. */
public final class FactFinder {
    private final ModelCatalog models;
    private final DataCatalog data;
    private final Draws draws;
    private final JudgeVersions judges;

    FactFinder(ModelCatalog models, DataCatalog data, Draws draws, JudgeVersions judges) {
        this.models = models;
        this.data = data;
        this.draws = draws;
        this.judges = judges;
    }

    /**
     * What the files are, and how much is in them.
     *
     * @throws InvalidInputException with the problems of every file
     */
    public NamedFiles find(ExperimentSpec spec) {
        List<Problem> problems = new ArrayList<>();
        Optional<ModelFacts> model = attempt(problems, () -> models.facts(spec.model(), "model"));
        Optional<PinnedScorer> scorer =
                attempt(problems, () -> scorer(spec.behaviour().scorer()));
        Map<String, Corpus> corpora = corpora(spec);
        Map<String, DatasetRevision> revisions = new LinkedHashMap<>();
        attempt(problems, () -> data.revision(spec.prompts().dataset(), "prompts.dataset"))
                .ifPresent(revision -> revisions.put(spec.prompts().dataset(), revision));
        Optional<PairSpec> readPairs = Optional.ofNullable(spec.pairs()).filter(pairs -> pairs.dataset() != null);
        readPairs
                .map(PairSpec::dataset)
                .ifPresent(dataset -> attempt(problems, () -> data.revision(dataset, DrawnSplits.PAIRS))
                        .ifPresent(revision -> revisions.put(dataset, revision)));
        corpora.forEach((field, corpus) -> attempt(problems, () -> data.revision(corpus.dataset(), field + ".dataset"))
                .ifPresent(revision -> revisions.put(corpus.dataset(), revision)));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        Optional<Integer> prompts = attempt(problems, () -> data.prompts(spec.prompts(), "prompts.dataset"));
        Map<String, TextCount.Counted> texts = new LinkedHashMap<>();
        corpora.forEach((field, corpus) ->
                attempt(problems, () -> data.texts(corpus, field)).ifPresent(found -> texts.put(field, found)));
        Optional<Integer> pairs =
                readPairs.flatMap(read -> attempt(problems, () -> data.pairs(read, DrawnSplits.PAIRS)));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return new NamedFiles(
                new ExperimentFacts(model.orElseThrow(), scorer.orElseThrow().scorer(), revisions),
                scorer.orElseThrow().classifier(),
                prompts.orElseThrow(),
                texts,
                pairs);
    }

    /**
     * What an experiment whose values are in range draws from the files.
     *
     * @param workerMemoryBytes memory of the largest live worker, empty if none is alive
     */
    public Facts draw(ExperimentSpec spec, NamedFiles files, OptionalLong workerMemoryBytes) {
        ExperimentFacts planning = files.planning();
        DrawnSplits drawn = DrawnSplits.of(spec, planning, files.prompts(), draws);
        Map<String, TextFacts> texts = new LinkedHashMap<>();
        files.texts().forEach((field, counted) -> texts.put(field, facts(counted, drawn.texts(field))));
        Optional<PairFacts> pairs =
                files.pairs().map(eligible -> facts(eligible, drawn.pairs().orElse(Drawn.NOTHING)));
        return new Facts(
                planning,
                new ValidationFacts(
                        planning.model(),
                        files.classifier(),
                        new PromptFacts(files.prompts(), drawn.prompts().longest()),
                        texts,
                        pairs,
                        workerMemoryBytes),
                drawn);
    }

    /** Problems of splits that cannot be drawn, or else of those that are not disjoint; asked where the data are large enough. */
    public List<Problem> splitProblems(ExperimentSpec spec, Facts facts) {
        return facts.drawn().problems().isEmpty()
                ? LeakageCheck.check(Splits.all(spec, facts.planning()), facts.drawn())
                : facts.drawn().problems();
    }

    private static TextFacts facts(TextCount.Counted counted, Drawn drawn) {
        return new TextFacts(counted.eligible(), counted.positives(), drawn.count(), drawn.longest(), drawn.tooLong());
    }

    private static PairFacts facts(int eligible, Drawn drawn) {
        return new PairFacts(eligible, drawn.count(), drawn.longest(), drawn.longestWhole(), drawn.tooLong());
    }

    private PinnedScorer scorer(ScorerSpec spec) {
        return switch (spec) {
            case ScorerSpec.Classifier classifier -> {
                ModelFacts facts = models.facts(classifier.model(), "behaviour.scorer.model");
                yield new PinnedScorer(new Scorer.Classifier(facts.revision(), classifier.label()), Optional.of(facts));
            }
            case ScorerSpec.Lexicon lexicon ->
                new PinnedScorer(
                        new Scorer.Lexicon(
                                Objects.requireNonNullElse(lexicon.terms(), List.of()),
                                Optional.ofNullable(lexicon.file())
                                        .map(file -> data.lexicon(file, "behaviour.scorer.file"))
                                        .orElse(null),
                                lexicon.hits()),
                        Optional.empty());
            case ScorerSpec.Judge judge ->
                new PinnedScorer(judges.pin(judge.name(), "behaviour.scorer.name"), Optional.empty());
        };
    }

    /** Every corpus by the path of the field that names it. */
    private static Map<String, Corpus> corpora(ExperimentSpec spec) {
        Map<String, Corpus> corpora = new LinkedHashMap<>();
        if (spec.texts() != null) {
            corpora.put(DrawnSplits.TRAINING, corpus(spec.texts()));
        }
        spec.evaluation().perplexity().forEach((name, texts) -> corpora.put(DrawnSplits.corpus(name), corpus(texts)));
        ProbeTextSpec probeTexts = spec.probes().labelledTexts();
        if (probeTexts != null) {
            TextQuery query = new TextQuery(probeTexts.field(), probeTexts.rule(), probeTexts.where());
            corpora.put(DrawnSplits.PROBE_TEXTS, new Corpus(probeTexts.dataset(), query, true));
        }
        LabelledTextSpec labelled = spec.evaluation().labelledTexts();
        if (labelled != null) {
            TextQuery query = new TextQuery(labelled.field(), labelled.rule(), null);
            corpora.put(DrawnSplits.LABELLED, new Corpus(labelled.dataset(), query, false));
        }
        return corpora;
    }

    private static Corpus corpus(TextSpec texts) {
        return new Corpus(texts.dataset(), new TextQuery(texts.field(), null, texts.where()), false);
    }

    /** A scorer, and what is known of it if it is a classifier. */
    private record PinnedScorer(Scorer scorer, Optional<ModelFacts> classifier) {}

    private static <T> Optional<T> attempt(List<Problem> problems, Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (InvalidInputException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }

    /**
     * Every file that a specification names.
     *
     * @param planning which exact files
     * @param classifier the behaviour's classifier; empty if something else scores
     * @param prompts how many distinct prompts there are
     * @param texts how many texts, by the path of the field that names them
     * @param pairs how many pairs, if the specification names a data set of them
     */
    public record NamedFiles(
            ExperimentFacts planning,
            Optional<ModelFacts> classifier,
            int prompts,
            Map<String, TextCount.Counted> texts,
            Optional<Integer> pairs) {
        public NamedFiles {
            texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
        }
    }

    /**
     * Facts about everything that one specification names.
     *
     * @param planning which exact files
     * @param validation what they hold
     * @param drawn what is drawn of it
     */
    public record Facts(ExperimentFacts planning, ValidationFacts validation, DrawnSplits drawn) {}
}
