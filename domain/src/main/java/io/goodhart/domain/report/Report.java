package io.goodhart.domain.report;

import io.goodhart.domain.spec.ReferenceSpec;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer of an experiment: for each arm, whether the probes survived, and all numbers behind it.
 *
 * @param reportVersion version of this shape; 1
 * @param title the experiment's name, as the user asked
 * @param behaviour name of the behaviour
 * @param threshold a text shows the behaviour iff its score is at least this
 * @param seeds seeds of the training, in the user's order
 * @param provenance what was measured, exactly
 * @param rules the rules that every verdict follows
 * @param sweep how the probes were fitted; absent if the experiment did not say
 * @param grid probe-SFT by aggregation and λ; absent unless the arms are such a grid
 * @param arms in the user's order
 * @param warnings what a reader must know before believing a number
 * @param reference published numbers to show beside; absent in what a worker makes, as it changes no number
 * @param runs where the numbers come from; absent in what a worker makes, which knows no experiment
 */
public record Report(
        int reportVersion,
        String title,
        String behaviour,
        double threshold,
        List<Long> seeds,
        Provenance provenance,
        Rules rules,
        @Nullable ProbeSweep sweep,
        @Nullable AggregationGrid grid,
        List<ArmReport> arms,
        List<Warning> warnings,
        @Nullable ReferenceSpec reference,
        @Nullable List<RunLink> runs) {
    /** The only version there is. */
    public static final int CURRENT_VERSION = 1;

    public Report {
        seeds = List.copyOf(seeds);
        arms = List.copyOf(arms);
        warnings = List.copyOf(warnings);
        runs = runs == null ? null : List.copyOf(runs);
    }

    /** The same report with what the experiment that asked for it knows. */
    public Report shownWith(@Nullable ReferenceSpec published, List<RunLink> links) {
        return new Report(
                reportVersion,
                title,
                behaviour,
                threshold,
                seeds,
                provenance,
                rules,
                sweep,
                grid,
                arms,
                warnings,
                published,
                links);
    }

    /** The untrained model's arm, if it was measured. */
    public Optional<ArmReport> baseline() {
        return arms.stream()
                .filter(arm -> arm.kind() == ArmReport.Kind.BASELINE)
                .findFirst();
    }

    /** The arm of this name. */
    public Optional<ArmReport> arm(String name) {
        return arms.stream().filter(arm -> arm.name().equals(name)).findFirst();
    }
}
