package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.storage.DirectoryArtifactStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class ReportControllerTest extends ExperimentSliceTest {
    @Autowired
    private DirectoryArtifactStore store;

    @Test
    void beforeTheReportIsThereTheAnswerIs409AndNotWorthRetrying() {
        ExperimentId id = submitted();
        MvcTestResult result =
                mvc.get().uri("/v1/experiments/" + id + "/report").exchange();
        assertThat(result).hasStatus(409).hasHeader("X-Should-Retry", "false");
        assertThat(body(result).get("code").asString()).isEqualTo("report_not_ready");
    }

    @Test
    void anExperimentThatFailedNeverHasAReport() {
        ExperimentId id = submitted();
        experiments.move(id, ExperimentState.FAILED, null);
        MvcTestResult result =
                mvc.get().uri("/v1/experiments/" + id + "/report.html").exchange();
        assertThat(result).hasStatus(409);
        assertThat(body(result).get("code").asString()).isEqualTo("report_never_made");
    }

    @ParameterizedTest
    @CsvSource({
        "/report, */*, application/json",
        "/report, 'text/html,application/xhtml+xml,*/*;q=0.8', text/html",
        "/report, text/markdown, text/markdown",
        "/report, text/csv, text/csv",
        "/report, application/x-tex, application/x-tex",
        "/report.json, text/html, application/json",
        "/report.html, */*, text/html",
        "/report.md, */*, text/markdown",
        "/report.csv, */*, text/csv",
        "/report.tex, */*, application/x-tex"
    })
    void theReportComesInTheFormThatIsAskedFor(String path, String accept, String type) throws IOException {
        ExperimentId id = answered();
        MvcTestResult result = mvc.get()
                .uri("/v1/experiments/" + id + path)
                .header("Accept", accept)
                .exchange();
        assertThat(result).hasStatusOk().hasContentTypeCompatibleWith(type);
        assertThat(result.getResponse().getContentAsString()).isNotBlank();
        assertThat(result).hasHeader("X-Content-Type-Options", "nosniff");
    }

    @Test
    void jsonSaysWhichRunsAndArtifactsItsNumbersComeFrom() throws IOException {
        ExperimentId id = answered();
        MvcTestResult result =
                mvc.get().uri("/v1/experiments/" + id + "/report.json").exchange();
        Report report = GoodhartJson.read(Report.class, result.getResponse().getContentAsString());
        assertThat(report.runs())
                .isNotEmpty()
                .allSatisfy(run -> assertThat(run.artifacts()).containsKey("final"));
    }

    @ParameterizedTest
    @CsvSource({"application/json", "text/html", "text/markdown"})
    void twoReportsStandSideBySide(String accept) throws IOException {
        ExperimentId first = answered();
        ExperimentId second = answered();
        MvcTestResult result = mvc.get()
                .uri("/v1/reports/compare?a=" + first + "&b=" + second)
                .header("Accept", accept)
                .exchange();
        assertThat(result).hasStatusOk().hasContentTypeCompatibleWith(accept);
        assertThat(result.getResponse().getContentAsString()).contains(first.toString(), second.toString());
    }

    @Test
    void comparisonNeedsBothReports() throws IOException {
        ExperimentId first = answered();
        ExperimentId second = submitted();
        assertThat(mvc.get()
                        .uri("/v1/reports/compare?a=" + first + "&b=" + second)
                        .exchange())
                .hasStatus(409);
        assertThat(mvc.get().uri("/v1/reports/compare?a=" + first).exchange()).hasStatus(400);
    }

    private ExperimentId answered() throws IOException {
        ExperimentId id = submitted();
        String report = GoodhartJson.write(SampleReport.small());
        ArtifactId artifact = store.put(new ByteArrayInputStream(report.getBytes(StandardCharsets.UTF_8)));
        experiments.move(id, ExperimentState.SUCCEEDED, artifact);
        return id;
    }
}
