package io.goodhart.trainer.report;

import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.trainer.report.ReportArms.Arm;
import java.util.List;
import java.util.function.Predicate;

/**
 * How many comparisons Holm's correction takes together: those that the arms have of one reading.
 *
 * @param withBaseline arms that are compared with the baseline
 * @param withControl arms that are compared with their controls
 */
record Families(List<Arm> withBaseline, List<Arm> withControl) {
    static Families of(ReportArms arms) {
        return new Families(
                arms.all().stream().filter(arm -> !arm.isBaseline()).toList(),
                arms.all().stream()
                        .filter(arm -> arms.controlOf(arm).isPresent())
                        .toList());
    }

    int againstBaseline() {
        return count(withBaseline, arm -> !arm.runs().isEmpty());
    }

    int againstControl() {
        return count(withControl, arm -> !arm.runs().isEmpty());
    }

    int againstBaseline(ProbeGroup group) {
        return count(withBaseline, arm -> reads(arm, group));
    }

    int againstControl(ProbeGroup group) {
        return count(withControl, arm -> reads(arm, group));
    }

    private static boolean reads(Arm arm, ProbeGroup group) {
        return arm.runs().stream().anyMatch(run -> !arm.indices(group, run).isEmpty());
    }

    private static int count(List<Arm> arms, Predicate<Arm> compared) {
        return (int) Math.max(1, arms.stream().filter(compared).count());
    }
}
