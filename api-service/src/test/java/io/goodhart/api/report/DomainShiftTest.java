package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.Report;
import java.util.List;
import org.junit.jupiter.api.Test;

class DomainShiftTest {
    private static final Report REPORT = Samples.withDomainShift();

    @Test
    void tableHasBothAucsTheirDifferenceAndWhatTrainingAdded() {
        Table table = new ProbeTables(REPORT).domainShift();

        assertThat(table.rows())
                .containsExactly(
                        List.of(
                                "baseline",
                                "held-out",
                                "0.810 [0.750, 0.870]",
                                "0.700 [0.660, 0.740]",
                                "−0.110 [−0.180, −0.040]",
                                "–"),
                        List.of(
                                REPORT.arms().get(1).name(),
                                "held-out",
                                "0.810 [0.750, 0.870]",
                                "0.650 [0.600, 0.700]",
                                "−0.160 [−0.240, −0.080]",
                                "−0.050 [−0.080, −0.020]"));
        assertThat(table.caption())
                .startsWith("In domain: the fixed texts, of the source that probes were fitted on."
                        + " Out of domain: the labelled texts. Δ: ");
    }

    @Test
    void everyFormHasItAndAReportOfOneSourceHasNot() {
        assertThat(ReportRenderer.html(REPORT)).contains("Domain shift", "−0.050");
        assertThat(ReportRenderer.markdown(REPORT)).contains("## Domain shift", "by training");
        assertThat(ReportRenderer.latex(REPORT)).contains("tab:domain-shift");
        assertThat(ReportRenderer.csv(REPORT))
                .contains("baseline,,domain_shift,auroc_in_domain,held_out fixed,0.81,0.75,0.87")
                .contains("baseline,,domain_shift,auroc_out_of_domain,held_out labelled,0.7,0.66,0.74")
                .contains("domain_shift,auroc_difference,held_out,-0.16,-0.24,-0.08")
                .contains("domain_shift,auroc_difference_by_training,held_out,-0.05,-0.08,-0.02");
        assertThat(ReportRenderer.html(Samples.report())).doesNotContain("Domain shift");
        assertThat(ReportRenderer.csv(Samples.report())).doesNotContain("domain_shift");
    }
}
