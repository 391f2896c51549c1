package io.goodhart.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Warning;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ControlProbesTest {
    @Test
    void controlsThatReadAreWarnedOfAndOthersAreRowsNearOneHalf() {
        Report silent = controlled(0);
        assertThat(silent.warnings()).extracting(Warning::code).doesNotContain(Warning.Code.CONTROL_PROBE_READS);
        assertThat(silent.arms().getFirst().probes())
                .filteredOn(probes -> probes.group() == ProbeGroup.CONTROL)
                .isNotEmpty()
                .allSatisfy(probes -> assertThat(
                                Objects.requireNonNull(probes.auroc()).value())
                        .isBetween(0.4, 0.6));
        assertThat(controlled(1).warnings())
                .filteredOn(warning -> warning.code() == Warning.Code.CONTROL_PROBE_READS)
                .isNotEmpty()
                .allSatisfy(warning -> {
                    assertThat(warning.arm()).isEqualTo("baseline");
                    assertThat(warning.message()).contains("shuffled labels");
                });
    }

    private static Report controlled(double separation) {
        SyntheticExperiment experiment = new SyntheticExperiment(5, List.of(1L), OptionalDouble.of(separation));
        return ReportBuilder.build(experiment.spec(), experiment.inputs());
    }
}
