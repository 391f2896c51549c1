package io.goodhart.api.facts;

import io.goodhart.datasets.Preferences;
import io.goodhart.datasets.Prompts;
import io.goodhart.datasets.Texts;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.Splits;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds texts that are in two splits which must be disjoint, equal but for white space. Splits of one file are disjoint as they are
 * drawn, if it has rows enough; left are those that come from two files.
 */
public final class LeakageCheck {
    private final DataCatalog data;

    LeakageCheck(DataCatalog data) {
        this.data = data;
    }

    /** Every leak between the splits as they will be drawn. */
    public List<Problem> check(Splits splits) {
        List<Problem> problems = new ArrayList<>();
        splits.pairs()
                .ifPresent(pairs -> attempt(
                        "pairs.dataset",
                        problems,
                        () -> compare(
                                prompts(pairs),
                                prompts(splits.prompts().evaluation().bare()),
                                new Pair("pairs.dataset", "prompts of the pairs", "the evaluation's prompts"),
                                problems)));
        splits.probeTexts()
                .ifPresent(texts -> attempt(
                        "probes.labelled_texts", problems, () -> checkProbeTexts(texts.fitted(), splits, problems)));
        splits.labelled()
                .filter(_ -> splits.probeTexts().isEmpty())
                .ifPresent(labelled -> attempt(
                        "evaluation.labelled_texts",
                        problems,
                        () -> compare(
                                texts(labelled),
                                prompts(splits.prompts().fitted().bare()),
                                new Pair(
                                        "evaluation.labelled_texts",
                                        "labelled texts",
                                        "the prompts that probes are fitted on"),
                                problems)));
        splits.training().ifPresent(training -> checkCorpora(training, splits.corpora(), problems));
        return problems;
    }

    private void checkProbeTexts(TextPart part, Splits splits, List<Problem> problems) {
        Set<Long> fitted = Texts.fingerprints(data.source(part.texts().dataset()), part);
        compare(
                fitted,
                prompts(splits.prompts().evaluation().bare()),
                new Pair("probes.labelled_texts", "labelled texts", "the evaluation's prompts"),
                problems);
        splits.labelled()
                .ifPresent(labelled -> compare(
                        fitted,
                        texts(labelled),
                        new Pair("probes.labelled_texts", "labelled texts", "the evaluation's labelled texts"),
                        problems));
    }

    private void checkCorpora(TextSlice training, Map<String, TextSlice> corpora, List<Problem> problems) {
        Set<Long> trained = texts(training);
        corpora.forEach((name, corpus) -> {
            String field = "evaluation.perplexity." + name;
            attempt(
                    field,
                    problems,
                    () -> compare(
                            texts(corpus),
                            trained,
                            new Pair(field, "texts of this corpus", "the texts that SFT trains on"),
                            problems));
        });
    }

    /** What cannot be drawn any more is a problem of the split that it was to be drawn for. */
    private static void attempt(String field, List<Problem> problems, Runnable comparison) {
        try {
            comparison.run();
        } catch (InvalidInputException e) {
            problems.addAll(About.field(field, e).problems());
        }
    }

    /**
     * Two splits.
     *
     * @param field of the one that can be changed
     */
    private record Pair(String field, String one, String other) {}

    private static void compare(Set<Long> one, Set<Long> other, Pair pair, List<Problem> problems) {
        long shared = one.stream().filter(other::contains).count();
        if (shared > 0) {
            problems.add(new Problem(
                    "leakage",
                    pair.field(),
                    "%d of %d %s are also among %s: keep them apart with where, or take other data"
                            .formatted(shared, one.size(), pair.one(), pair.other())));
        }
    }

    private Set<Long> prompts(PromptSlice slice) {
        return Prompts.fingerprints(data.source(slice.dataset()), slice);
    }

    private Set<Long> texts(TextSlice slice) {
        return Texts.fingerprints(data.source(slice.dataset()), slice);
    }

    private Set<Long> prompts(PairSlice slice) {
        return Preferences.fingerprints(data.source(slice.dataset()), slice);
    }
}
