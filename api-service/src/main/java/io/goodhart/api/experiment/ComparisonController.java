package io.goodhart.api.experiment;

import io.goodhart.api.experiment.ExperimentReports.Answered;
import io.goodhart.api.report.ComparedArms;
import io.goodhart.api.report.ComparisonPage;
import io.goodhart.api.report.ReportComparison;
import io.goodhart.api.report.ReportComparison.ArmPair;
import io.goodhart.api.report.ReportComparison.Side;
import io.goodhart.domain.report.ArmReport;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Two answers side by side. */
@RestController
@RequestMapping("/v1/reports/compare")
@Tag(name = "experiments")
class ComparisonController {
    private final ExperimentReports reports;

    ComparisonController(ExperimentReports reports) {
        this.reports = reports;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "compareReports",
            summary = "The reports of two experiments side by side",
            description =
                    "Arms are matched by name, or else by equal specification. What both measured on the same prompts or"
                            + " texts with the same seeds is compared in pairs. As JSON, HTML or Markdown by the Accept header.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = ReportComparison.class)),
                @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")),
                @Content(mediaType = MediaType.TEXT_MARKDOWN_VALUE, schema = @Schema(type = "string"))
            })
    ReportComparison json(@RequestParam String a, @RequestParam String b) {
        return compare(a, b);
    }

    @Hidden
    @GetMapping(produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<byte[]> html(@RequestParam String a, @RequestParam String b) {
        return ReportController.answer(
                ReportController.HTML, ReportController.utf8(ComparisonPage.html(compare(a, b))));
    }

    @Hidden
    @GetMapping(produces = MediaType.TEXT_MARKDOWN_VALUE)
    ResponseEntity<byte[]> markdown(@RequestParam String a, @RequestParam String b) {
        return ReportController.answer(
                ReportController.MARKDOWN, ReportController.utf8(ComparisonPage.markdown(compare(a, b))));
    }

    private ReportComparison compare(String first, String second) {
        Answered a = reports.get(first);
        Answered b = reports.get(second);
        ComparedArms arms = new ComparedArms(compared(a), compared(b));
        List<ArmPair> pairs = arms.pairs();
        return new ReportComparison(
                side(a),
                side(b),
                a.report().rules().level(),
                arms.warnings(),
                SpecificationDifference.of(a.spec(), b.spec()),
                pairs,
                without(a, pairs.stream().map(ArmPair::a).toList()),
                without(b, pairs.stream().map(ArmPair::b).toList()));
    }

    private ComparedArms.Side compared(Answered answered) {
        return new ComparedArms.Side(answered.report(), answered.spec(), reports.measurements(answered.id()));
    }

    private static Side side(Answered answered) {
        return new Side(answered.id().value(), answered.report().title());
    }

    private static List<String> without(Answered answered, List<String> matched) {
        return answered.report().arms().stream()
                .map(ArmReport::name)
                .filter(name -> !matched.contains(name))
                .toList();
    }
}
