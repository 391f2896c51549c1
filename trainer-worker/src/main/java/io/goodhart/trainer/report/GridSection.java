package io.goodhart.trainer.report;

import io.goodhart.domain.report.AggregationGrid;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.ProbeSft;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lays out probe-SFT arms that differ by aggregation and λ alone as a table of both. */
final class GridSection {
    private GridSection() {}

    /** Empty unless there are two aggregations and two λ, and nothing else differs between the arms. */
    static Optional<AggregationGrid> of(Map<String, ArmSpec> arms, List<ArmReport> reports) {
        List<AggregationGrid.Cell> cells = new ArrayList<>();
        List<ProbeSft> laidOut = new ArrayList<>();
        for (ArmReport report : reports) {
            if (arms.get(report.name()) instanceof ProbeSft sft) {
                laidOut.add(sft);
                cells.add(new AggregationGrid.Cell(
                        sft.combine().name().toLowerCase(Locale.ROOT), sft.lambda(), rate(report)));
            }
        }
        AggregationGrid grid = new AggregationGrid(cells);
        boolean isGrid = grid.aggregations().size() > 1
                && grid.lambdas().size() > 1
                && laidOut.stream().allMatch(sft -> alike(laidOut.getFirst(), sft))
                && places(laidOut) == laidOut.size();
        return isGrid ? Optional.of(grid) : Optional.empty();
    }

    private static long places(List<ProbeSft> arms) {
        return arms.stream()
                .map(sft -> List.of(sft.combine(), sft.lambda()))
                .distinct()
                .count();
    }

    private static boolean alike(ProbeSft a, ProbeSft b) {
        return a.probes().equals(b.probes())
                && a.switchEvery().equals(b.switchEvery())
                && a.output() == b.output()
                && a.activations() == b.activations()
                && a.training().equals(b.training());
    }

    private static @Nullable Double rate(ArmReport report) {
        return report.behaviour() == null ? null : report.behaviour().rate().value();
    }
}
