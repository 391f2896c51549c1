package io.goodhart.domain.validate;

import io.goodhart.domain.NearMiss;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ReferenceCurves;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceProbes;
import io.goodhart.domain.spec.ReferenceSpec;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules about published numbers: they belong to arms and corpora that there are. */
final class ReferenceRules {
    private static final int MAX_SOURCE = 300;
    private static final String FIELD = "reference";

    private final ExperimentSpec spec;
    private final Problems problems;

    private ReferenceRules(ExperimentSpec spec, Problems problems) {
        this.spec = spec;
        this.problems = problems;
    }

    static void check(ExperimentSpec spec, Problems problems) {
        ReferenceSpec reference = spec.reference();
        if (reference != null) {
            new ReferenceRules(spec, problems).check(reference);
        }
    }

    private void check(ReferenceSpec reference) {
        String source = reference.source();
        problems.require(
                !source.isBlank()
                        && source.length() <= MAX_SOURCE
                        && source.chars().noneMatch(Character::isISOControl),
                FIELD + ".source",
                "Needs 1 to %d characters without control characters".formatted(MAX_SOURCE));
        ReferenceProbes probes = reference.probes();
        problems.require(!reference.numbers().isEmpty() || probes != null, FIELD + ".numbers", "Name at least one arm");
        if (probes != null) {
            check(probes);
        }
        reference.numbers().forEach((arm, numbers) -> {
            String field = FIELD + ".numbers." + arm;
            known(arm, spec.arms().keySet(), "arm", field);
            check(numbers, field);
            if (numbers.overTraining() != null) {
                check(numbers.overTraining(), spec.arms().get(arm), field + ".over_training");
            }
        });
    }

    private void check(ReferenceProbes probes) {
        String field = FIELD + ".probes";
        if (probes.layer() != null) {
            problems.within(probes.layer(), 0, Problems.MANY, field + ".layer");
        }
        ReferenceProbes.Cosine cosine = probes.cosine();
        if (cosine != null) {
            problems.require(
                    -1 <= cosine.lowest()
                            && cosine.lowest() <= cosine.mean()
                            && cosine.mean() <= cosine.highest()
                            && cosine.highest() <= 1,
                    field + ".cosine",
                    "Needs -1 <= lowest <= mean <= highest <= 1");
        }
    }

    private void check(ReferenceCurves curves, @Nullable ArmSpec arm, String field) {
        int points = points(arm);
        curve(curves.rate(), points, field + ".rate").forEach((at, value) -> share(value, at));
        curve(curves.aurocTrain(), points, field + ".auroc_train").forEach((at, value) -> share(value, at));
        curve(curves.aurocHeldOut(), points, field + ".auroc_held_out").forEach((at, value) -> share(value, at));
        curve(curves.aurocRetrained(), points, field + ".auroc_retrained").forEach((at, value) -> share(value, at));
        curves.perplexity().forEach((corpus, values) -> {
            String at = field + ".perplexity." + corpus;
            known(corpus, spec.evaluation().perplexity().keySet(), "corpus", at);
            curve(values, points, at).forEach(this::perplexity);
        });
    }

    /** Evaluation points of an arm's training, the start among them; 0 where nothing is trained. */
    private int points(@Nullable ArmSpec arm) {
        return switch (arm) {
            case ArmSpec.Dpo _, ArmSpec.Grpo _ -> spec.evaluation().dpoPoints();
            case ArmSpec.Sft _, ArmSpec.ProbeSft _ -> spec.evaluation().sftPoints();
            case ArmSpec.None _, ArmSpec.BestOfN _ -> 0;
            case null -> 0; // such an arm is refused anyway
        };
    }

    /** Values by their field; they need one for each point. */
    private Map<String, Double> curve(List<Double> values, int points, String field) {
        problems.require(
                values.isEmpty() || values.size() == points,
                field,
                "Needs a value for each of the arm's %d evaluation points, got %d".formatted(points, values.size()));
        Map<String, Double> byField = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            byField.put(field + "." + i, values.get(i));
        }
        return byField;
    }

    private void perplexity(String field, double value) {
        problems.require(value >= 1 && Double.isFinite(value), field, "Must be 1 or more, got " + value);
    }

    private void check(ReferenceNumbers numbers, String field) {
        share(numbers.rate(), field + ".rate");
        share(numbers.aurocTrain(), field + ".auroc_train");
        share(numbers.aurocHeldOut(), field + ".auroc_held_out");
        share(numbers.aurocRetrained(), field + ".auroc_retrained");
        numbers.perplexity().forEach((corpus, value) -> {
            String at = field + ".perplexity." + corpus;
            known(corpus, spec.evaluation().perplexity().keySet(), "corpus", at);
            perplexity(at, value);
        });
    }

    private void known(String name, Collection<String> names, String what, String field) {
        if (!names.contains(name)) {
            problems.add(
                    "unknown_" + what,
                    field,
                    "There is no %s %s%s"
                            .formatted(
                                    what,
                                    name,
                                    NearMiss.of(name, names)
                                            .map("; did you mean %s?"::formatted)
                                            .orElse("")));
        }
    }

    private void share(@Nullable Double value, String field) {
        if (value != null) {
            problems.within(value, 0, 1, field);
        }
    }
}
