package io.goodhart.api.facts;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.plan.ExperimentFacts;
import io.goodhart.domain.plan.PromptAllocation;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.Splits;
import io.goodhart.domain.spec.ExperimentSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Every split of an experiment as it is drawn.
 *
 * @param prompts all prompts, in the order in which they are allocated; as many as there are if there are too few
 * @param texts texts by the path of the field that names them, those of all probes together
 * @param pairs pairs of a data set, if an arm reads them
 * @param problems of splits that cannot be drawn; they are empty here
 */
record DrawnSplits(Drawn prompts, Map<String, Drawn> texts, Optional<Drawn> pairs, List<Problem> problems) {
    static final String TRAINING = "texts";
    static final String LABELLED = "evaluation.labelled_texts";
    static final String PROBE_TEXTS = "probes.labelled_texts";
    static final String PAIRS = "pairs.dataset";

    static String corpus(String name) {
        return "evaluation.perplexity." + name;
    }

    /** What is drawn for one field; nothing if nobody reads it. */
    Drawn texts(String field) {
        return texts.getOrDefault(field, Drawn.NOTHING);
    }

    /**
     * Draws them.
     *
     * @param distinct how many prompts there are
     */
    static DrawnSplits of(ExperimentSpec spec, ExperimentFacts facts, int distinct, Draws draws) {
        return new Drawing(facts.model(), draws).of(spec, facts, distinct);
    }

    /** Draws one split after the other, and goes on if one cannot be. */
    private static final class Drawing {
        private final ModelFacts model;
        private final Draws draws;
        private final List<Problem> problems = new ArrayList<>();
        private final Map<String, Drawn> texts = new LinkedHashMap<>();

        Drawing(ModelFacts model, Draws draws) {
            this.model = model;
            this.draws = draws;
        }

        DrawnSplits of(ExperimentSpec spec, ExperimentFacts facts, int distinct) {
            List<Splits> all = Splits.all(spec, facts);
            Splits first = all.getFirst(); // but for the probes' prompts and texts it is the same for all seeds
            Drawn prompts = prompts(spec, facts.dataset(spec.prompts().dataset()), distinct);
            first.training().ifPresent(slice -> draw(TRAINING, () -> draws.texts(slice, model)));
            first.corpora().forEach((name, slice) -> draw(corpus(name), () -> draws.texts(slice, model)));
            first.labelled().ifPresent(slice -> draw(LABELLED, () -> draws.texts(slice, model)));
            all.stream()
                    .flatMap(splits -> splits.probeTexts().stream())
                    .forEach(own -> draw(PROBE_TEXTS, () -> draws.texts(own.fitted(), model)));
            Optional<Drawn> pairs = first.pairs().map(slice -> attempt(PAIRS, () -> draws.pairs(slice, model)));
            return new DrawnSplits(prompts, texts, pairs, List.copyOf(problems));
        }

        private Drawn prompts(ExperimentSpec spec, DatasetRevision dataset, int distinct) {
            PromptSlice all = PromptAllocation.whole(spec, dataset);
            int count = Math.min(distinct, all.count());
            return count == 0
                    ? Drawn.NOTHING
                    : attempt("prompts.dataset", () -> draws.prompts(all.part(0, count), model));
        }

        private void draw(String field, Supplier<Drawn> draw) {
            texts.merge(field, attempt(field, draw), Drawn::plus);
        }

        private Drawn attempt(String field, Supplier<Drawn> draw) {
            try {
                return draw.get();
            } catch (InvalidInputException e) {
                problems.addAll(About.field(field, e).problems());
                return Drawn.NOTHING;
            }
        }
    }
}
