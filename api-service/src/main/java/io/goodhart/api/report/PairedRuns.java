package io.goodhart.api.report;

import io.goodhart.api.report.Pairing.Paired;
import io.goodhart.api.report.Pairing.Unpaired;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec.Evaluate;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.ArmReport.SeedRun;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.GroupTexts;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.statistics.RateDifference;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.domain.statistics.SeedStatistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The runs of two arms, seed by seed. What both measured on the same units is subtracted unit by unit, so that what the units
 * share drops out of the interval: a rate by prompt, as a report compares its arms, an AUC by DeLong's influence values, a perplexity by text.
 *
 * @param pairs one a seed
 * @param why why there are none, if there are none
 */
record PairedRuns(List<Pair> pairs, String why) {
    private static final String NOT_KEPT = "the numbers per text are not kept";
    private static final String NO_AUC = "other labels, or a class is missing in a seed";

    PairedRuns {
        pairs = List.copyOf(pairs);
    }

    /** Two runs with one seed, or the untrained model's only ones. */
    record Pair(Measured a, Measured b) {
        boolean isAlike(Function<Evaluate, ?> what) {
            return what.apply(a.evaluation()).equals(what.apply(b.evaluation()));
        }
    }

    static PairedRuns of(ArmReport a, Measurements ofA, ArmReport b, Measurements ofB) {
        List<Long> seedsOfA = a.runs().stream().map(SeedRun::seed).toList();
        List<Long> seedsOfB = b.runs().stream().map(SeedRun::seed).toList();
        boolean bothUntrained = isUntrained(a) && isUntrained(b) && seedsOfA.size() == 1 && seedsOfB.size() == 1;
        if (!seedsOfA.equals(seedsOfB) && !bothUntrained) {
            return new PairedRuns(List.of(), "other seeds");
        }
        List<Pair> pairs = new ArrayList<>();
        for (int s = 0; s < seedsOfA.size(); s++) {
            Optional<Measured> one = ofA.of(a.name(), seedsOfA.get(s)).map(run -> complete(a, run));
            Optional<Measured> other = ofB.of(b.name(), seedsOfB.get(s)).map(run -> complete(b, run));
            if (one.isEmpty() || other.isEmpty()) {
                return new PairedRuns(List.of(), NOT_KEPT);
            }
            pairs.add(new Pair(one.get(), other.get()));
        }
        return new PairedRuns(pairs, "no runs");
    }

    private static boolean isUntrained(ArmReport arm) {
        return arm.kind() == ArmReport.Kind.BASELINE;
    }

    /** The baseline's own texts are everybody's fixed ones. */
    private static Measured complete(ArmReport arm, Measured run) {
        return isUntrained(arm)
                ? new Measured(run.evaluation(), run.fixedTexts(), run.details().withOwnAsFixed())
                : run;
    }

    Pairing rate() {
        return paired(
                new Unit("prompt", "other prompts", NOT_KEPT),
                pair -> pair.isAlike(PairedRuns::prompts),
                PairedRuns::rates,
                seeds -> Paired.of(RateDifference.of(seeds), "prompt"));
    }

    private static Optional<RateDifference.Seed> rates(Pair pair) {
        return shows(pair.b())
                .flatMap(b -> shows(pair.a())
                        .filter(a -> a.length == b.length && a.length > 0)
                        .map(a -> RateDifference.Seed.of(b, a)));
    }

    private static Optional<boolean[]> shows(Measured run) {
        return run.details().labels(TextSet.OWN, run.evaluation().threshold());
    }

    /** Of frozen probes with one role. */
    Pairing auroc(ProbeResult a, ProbeResult b) {
        return switch (a.set()) {
            case FIXED ->
                paired(
                        new Unit("text", "other fixed texts", NO_AUC),
                        pair -> pair.a().fixedTexts().equals(pair.b().fixedTexts()),
                        pair -> aucs(pair, a, b, PairedRuns::onSameTexts));
            case LABELLED ->
                paired(
                        new Unit("text", "other labelled texts", NO_AUC),
                        pair -> pair.isAlike(evaluate -> Optional.ofNullable(evaluate.labelledTexts())),
                        pair -> aucs(pair, a, b, PairedRuns::onSameTexts));
            case OWN, OWN_ON_BASE ->
                paired(
                        new Unit("prompt", "other prompts", NO_AUC),
                        pair -> pair.isAlike(PairedRuns::prompts),
                        pair -> aucs(pair, a, b, PairedRuns::onSamePrompts));
        };
    }

    private static Object prompts(Evaluate evaluate) {
        return evaluate.prompts().bare();
    }

    private static Optional<SeedStatistic> aucs(
            Pair pair,
            ProbeResult a,
            ProbeResult b,
            BiFunction<GroupTexts, GroupTexts, Optional<SeedStatistic>> difference) {
        Optional<GroupTexts> one = texts(pair.a(), a);
        Optional<GroupTexts> other = texts(pair.b(), b);
        return one.flatMap(of -> other.flatMap(by -> difference.apply(of, by)));
    }

    private static Optional<GroupTexts> texts(Measured run, ProbeResult probes) {
        ProbeRole role = probes.group().role();
        List<Integer> indices = run.details().indices(role);
        return GroupTexts.of(
                run.details(),
                role,
                indices.subList(0, Math.min(probes.probes(), indices.size())),
                probes.set(),
                Transfer.FROZEN,
                run.evaluation().threshold());
    }

    private static Optional<SeedStatistic> onSameTexts(GroupTexts a, GroupTexts b) {
        if (!a.hasLabelsOf(b) || !a.readableWith(b).hasBothClasses()) {
            return Optional.empty();
        }
        return Optional.of(b.readableWith(a).auc().minus(a.readableWith(b).auc()));
    }

    private static Optional<SeedStatistic> onSamePrompts(GroupTexts a, GroupTexts b) {
        if (a.texts() != b.texts()
                || !a.readable().hasBothClasses()
                || !b.readable().hasBothClasses()) {
            return Optional.empty();
        }
        return Optional.of(b.aucByPrompt().minus(a.aucByPrompt()));
    }

    Pairing perplexity(String corpus) {
        return paired(
                new Unit("text", "other texts of the corpus", NOT_KEPT),
                pair -> pair.isAlike(
                        evaluate -> Optional.ofNullable(evaluate.corpora().get(corpus))),
                pair -> perplexity(pair.b().details(), corpus)
                        .flatMap(b -> perplexity(pair.a().details(), corpus).map(b::minus)));
    }

    private static Optional<SeedStatistic> perplexity(RunDetails run, String corpus) {
        Optional<double[]> nll = run.array("corpus." + corpus + ".nll");
        Optional<double[]> tokens = run.array("corpus." + corpus + ".tokens");
        return nll.flatMap(
                sums -> tokens.map(counts -> SeedStatistic.ofRatio(sums, counts).exponential()));
    }

    /**
     * What is paired.
     *
     * @param others what is said where the units are others
     * @param lacking what is said where a run has no such number
     */
    private record Unit(String name, String others, String lacking) {}

    private Pairing paired(Unit unit, Predicate<Pair> sameUnits, Function<Pair, Optional<SeedStatistic>> difference) {
        return paired(unit, sameUnits, difference, differences -> Paired.of(SeedMean.of(differences), unit.name()));
    }

    private <T> Pairing paired(
            Unit unit, Predicate<Pair> sameUnits, Function<Pair, Optional<T>> measure, Function<List<T>, Paired> over) {
        if (pairs.isEmpty()) {
            return new Unpaired(why);
        }
        if (!pairs.stream().allMatch(sameUnits)) {
            return new Unpaired(unit.others());
        }
        List<T> measured = pairs.stream().map(measure).flatMap(Optional::stream).toList();
        return measured.size() < pairs.size() ? new Unpaired(unit.lacking()) : over.apply(measured);
    }
}
