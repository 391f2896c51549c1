package io.goodhart.api.experiment;

import io.goodhart.domain.report.Provenance;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Rules;
import java.util.List;

/** The smallest report there can be. */
final class SampleReport {
    private SampleReport() {}

    static Report small() {
        return new Report(
                Report.CURRENT_VERSION,
                "does it survive?",
                "politeness",
                0.5,
                List.of(1L),
                Provenance.UNKNOWN,
                new Rules(0.95, 0.05, 1.1, 30, List.of("Nothing was measured.")),
                null,
                null,
                List.of(),
                List.of(),
                null,
                null);
    }
}
