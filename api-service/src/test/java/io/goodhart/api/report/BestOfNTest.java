package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.Report;
import org.junit.jupiter.api.Test;

class BestOfNTest {
    private static final Report REPORT = Samples.withBestOfN();

    @Test
    void tableHasARowForEachNumberOfResponsesWithItsBound() {
        Table table = new BestOfNTable(REPORT).table().withoutEmptyColumns();

        assertThat(table.columns())
                .containsExactly("arm", "best of", "KL, at most", "rate", "mean score", "AUC train", "AUC held-out");
        assertThat(table.rows()).hasSize(4);
        assertThat(table.rows().getFirst())
                .containsExactly("best-of-8", "1", "0.000", "0.400", "0.420", "0.810", "0.800");
        assertThat(table.rows().get(2)) // ln 4 − 3/4
                .containsExactly("best-of-8", "4", "0.636", "0.220", "0.250", "0.700", "0.750");
    }

    @Test
    void armWhoseModelIsTheUntrainedOneIsNotCountedAmongTheTrained() {
        assertThat(Answer.sentence(REPORT))
                .startsWith("Of 4 arms trained with a signal")
                .doesNotContain("(best-of-8", ", best-of-8")
                .endsWith("No model was trained in best-of-8, so the fixed texts say nothing of it.");
        assertThat(ReportRenderer.html(REPORT)).contains("6 trained arms");
    }

    @Test
    void everyFormHasItAndAReportWithoutSuchAnArmHasNot() {
        assertThat(ReportRenderer.html(REPORT)).contains("Best of the first n responses", "Best of n over n");
        assertThat(ReportRenderer.markdown(REPORT)).contains("Best of the first n responses");
        assertThat(ReportRenderer.latex(REPORT)).contains("tab:best-of-n");
        assertThat(ReportRenderer.csv(REPORT))
                .contains("best-of-8,,curve,kl_bound,point 4,0.63629")
                .contains("best-of-8,,curve,auroc,train own point 8,0.65");
        assertThat(ReportRenderer.html(Samples.report())).doesNotContain("Best of the first n", "Best of n over n");
    }
}
