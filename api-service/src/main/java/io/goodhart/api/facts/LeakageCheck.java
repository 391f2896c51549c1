package io.goodhart.api.facts;

import io.goodhart.domain.Problem;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.Splits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds texts that are in two splits which must be disjoint, equal but for white space. Splits of one file are disjoint as they are
 * drawn, if it has rows enough; left are those that come from two files.
 */
final class LeakageCheck {
    private final DrawnSplits drawn;
    private final List<Problem> problems = new ArrayList<>();

    private LeakageCheck(DrawnSplits drawn) {
        this.drawn = drawn;
    }

    /**
     * Every leak.
     *
     * @param splits those of each set of probe prompts
     * @param drawn all of them as they are drawn
     */
    static List<Problem> check(List<Splits> splits, DrawnSplits drawn) {
        LeakageCheck check = new LeakageCheck(drawn);
        Splits first = splits.getFirst();
        Part evaluated = new Part(
                "the evaluation's prompts", check.prompts(first.prompts().evaluation()));
        drawn.pairs()
                .ifPresent(pairs ->
                        check.compare(DrawnSplits.PAIRS, new Part("prompts of the pairs", known(pairs)), evaluated));
        if (first.probeTexts().isPresent()) {
            check.checkProbeTexts(evaluated);
        } else {
            Set<Long> fitted = splits.stream()
                    .flatMap(one -> check.prompts(one.prompts().fitted()).stream())
                    .collect(Collectors.toSet());
            check.compare(
                    DrawnSplits.LABELLED,
                    check.texts("labelled texts", DrawnSplits.LABELLED),
                    new Part("the prompts that probes are fitted on", fitted));
        }
        Part trained = check.texts("the texts that SFT trains on", DrawnSplits.TRAINING);
        check.compare(DrawnSplits.LABELLED, check.texts("labelled texts", DrawnSplits.LABELLED), trained);
        first.corpora().keySet().stream()
                .map(DrawnSplits::corpus)
                .forEach(field -> check.compare(field, check.texts("texts of this corpus", field), trained));
        return check.problems;
    }

    private void checkProbeTexts(Part evaluated) {
        Part fitted = texts("labelled texts", DrawnSplits.PROBE_TEXTS);
        compare(DrawnSplits.PROBE_TEXTS, fitted, evaluated);
        compare(DrawnSplits.PROBE_TEXTS, fitted, texts("the evaluation's labelled texts", DrawnSplits.LABELLED));
    }

    /** A split, and what its texts are known by. */
    private record Part(String name, Set<Long> fingerprints) {}

    /** @param field of the one that can be changed */
    private void compare(String field, Part one, Part other) {
        long shared = one.fingerprints().stream()
                .filter(other.fingerprints()::contains)
                .count();
        if (shared > 0) {
            problems.add(new Problem(
                    "leakage",
                    field,
                    "%d of %d %s are also among %s: keep them apart with where, or take other data"
                            .formatted(shared, one.fingerprints().size(), one.name(), other.name())));
        }
    }

    private Part texts(String name, String field) {
        return new Part(name, known(drawn.texts(field)));
    }

    private Set<Long> prompts(PromptSlice slice) {
        return new HashSet<>(drawn.prompts().fingerprints().subList(slice.offset(), slice.offset() + slice.count()));
    }

    private static Set<Long> known(Drawn rows) {
        return new HashSet<>(rows.fingerprints());
    }
}
