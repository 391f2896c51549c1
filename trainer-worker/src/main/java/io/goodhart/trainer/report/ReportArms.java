package io.goodhart.trainer.report;

import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.report.TrainedAlike;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.trainer.report.ReportInputs.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The experiment's arms with their runs, and which arm is whose baseline and control. */
final class ReportArms {
    private final Map<String, Arm> arms = new LinkedHashMap<>();

    ReportArms(TaskSpec.Report spec, ReportInputs inputs) {
        spec.arms().forEach((name, arm) -> arms.put(name, new Arm(name, arm, runs(name, arm, spec.seeds(), inputs))));
    }

    private static List<Run> runs(String name, ArmSpec arm, List<Long> seeds, ReportInputs inputs) {
        boolean baseline = arm instanceof ArmSpec.None;
        List<Run> runs = new ArrayList<>();
        for (long seed : seeds) {
            inputs.run(name, seed).ifPresent(result -> {
                RunDetails details = baseline ? result.details().withOwnAsFixed() : result.details();
                Run run = new Run(seed, result, details);
                if (arm.trains()
                        || runs.stream().noneMatch(other -> other.details().sameAs(details))) {
                    runs.add(run); // no seed changes the untrained model: its one evaluation stands for all
                }
            });
        }
        return runs;
    }

    List<Arm> all() {
        return List.copyOf(arms.values());
    }

    Optional<Arm> baseline() {
        return arms.values().stream().filter(Arm::isBaseline).findFirst();
    }

    /**
     * The arm that differs from this one by the probe's signal alone: random labels for DPO, λ = 0 for probe-SFT and GRPO, everything else
     * the same.
     */
    Optional<Arm> controlOf(Arm arm) {
        return switch (arm.spec()) {
            case ArmSpec.None ignored -> Optional.empty();
            case ArmSpec.Sft ignored -> Optional.empty();
            case ArmSpec.Dpo ignored ->
                first(arm, other -> TrainedAlike.isRandom(other) && !TrainedAlike.isRandom(arm.spec()));
            case ArmSpec.BestOfN best ->
                first(arm, other -> TrainedAlike.isRandom(other) && best.labelBy() != ArmSpec.LabelBy.RANDOM)
                        .or(this::baseline); // the best of one
            case ArmSpec.ProbeSft ignored -> first(arm, other -> isPlainSft(other) && !isPlainSft(arm.spec()));
            case ArmSpec.Grpo ignored -> first(arm, other -> lacksProbe(other) && !lacksProbe(arm.spec()));
        };
    }

    private Optional<Arm> first(Arm arm, Predicate<ArmSpec> wanted) {
        TrainedAlike alike = TrainedAlike.of(arm.spec());
        return arms.values().stream()
                .filter(other -> wanted.test(other.spec())
                        && TrainedAlike.of(other.spec()).equals(alike))
                .findFirst();
    }

    static ArmReport.Kind kind(ArmSpec spec) {
        if (spec instanceof ArmSpec.None) {
            return ArmReport.Kind.BASELINE;
        }
        return TrainedAlike.isRandom(spec) || isPlainSft(spec) || lacksProbe(spec)
                ? ArmReport.Kind.CONTROL
                : ArmReport.Kind.TREATMENT;
    }

    private static boolean isPlainSft(ArmSpec spec) {
        return spec instanceof ArmSpec.Sft || (spec instanceof ArmSpec.ProbeSft sft && sft.lambda() == 0);
    }

    /** Whether it is rewarded for the task alone. */
    private static boolean lacksProbe(ArmSpec spec) {
        return spec instanceof ArmSpec.Grpo grpo && grpo.lambda() == 0;
    }

    /** One arm with its measured runs. */
    record Arm(String name, ArmSpec spec, List<Run> runs) {
        boolean is(Arm other) {
            return name.equals(other.name);
        }

        boolean isBaseline() {
            return spec instanceof ArmSpec.None;
        }

        /** The run to compare a seed with: the same seed's, or the only one that there is. */
        Optional<Run> runFor(long seed) {
            if (runs.size() == 1) {
                return Optional.of(runs.getFirst());
            }
            return runs.stream().filter(run -> run.seed() == seed).findFirst();
        }

        /** Number of training probes that this arm's training saw. */
        int seenProbes() {
            return switch (spec) {
                case ArmSpec.None ignored -> 0;
                case ArmSpec.Sft ignored -> 0;
                case ArmSpec.Dpo dpo -> labelling(dpo.labelBy(), dpo.probes());
                case ArmSpec.BestOfN best -> labelling(best.labelBy(), best.probes());
                case ArmSpec.ProbeSft sft -> sft.lambda() == 0 ? 0 : sft.probes();
                case ArmSpec.Grpo grpo -> grpo.lambda() == 0 ? 0 : grpo.probes();
            };
        }

        private static int labelling(ArmSpec.LabelBy labelBy, @Nullable Integer probes) {
            return labelBy == ArmSpec.LabelBy.PROBES ? Objects.requireNonNullElse(probes, 1) : 0;
        }

        /** Indices of a group's probes in one run; {@link ProbeGroup#SEEN} only if it is a proper part of the training probes. */
        List<Integer> indices(ProbeGroup group, Run run) {
            List<Integer> all = run.details().indices(group.role());
            if (group != ProbeGroup.SEEN) {
                return all;
            }
            int seen = seenProbes();
            return seen == 0 || seen >= all.size() ? List.of() : all.subList(0, seen);
        }
    }

    /** One seed's run. */
    record Run(long seed, RunResult result, RunDetails details) {}
}
