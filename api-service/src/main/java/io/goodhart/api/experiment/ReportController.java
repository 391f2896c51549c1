package io.goodhart.api.experiment;

import io.goodhart.api.report.ReportRenderer;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.report.Report;
import io.swagger.v3.oas.annotations.Hidden;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The answer, by content negotiation or by the ending of its path. */
@RestController
@RequestMapping(ExperimentPaths.ROOT + "/{id}")
@Tag(name = "experiments")
class ReportController {
    static final String HTML = "text/html;charset=UTF-8";
    static final String MARKDOWN = "text/markdown;charset=UTF-8";
    private static final String CSV = "text/csv;charset=UTF-8";
    private static final String LATEX = "application/x-tex;charset=UTF-8";

    /** A report has no scripts and loads nothing; the browser is told to hold it to that. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

    private final ExperimentReports reports;

    ReportController(ExperimentReports reports) {
        this.reports = reports;
    }

    @GetMapping(path = "/report", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getReport",
            summary = "The answer of an experiment",
            description =
                    "As JSON, HTML, Markdown, CSV or LaTeX by the Accept header, or by the path's ending: report.html.")
    @ApiResponse(
            responseCode = "200",
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON_VALUE, schema = @Schema(implementation = Report.class)),
                @Content(mediaType = MediaType.TEXT_HTML_VALUE, schema = @Schema(type = "string")),
                @Content(mediaType = MediaType.TEXT_MARKDOWN_VALUE, schema = @Schema(type = "string")),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
                @Content(mediaType = "application/x-tex", schema = @Schema(type = "string"))
            })
    ResponseEntity<byte[]> json(@PathVariable String id) {
        return answer(MediaType.APPLICATION_JSON_VALUE, utf8(GoodhartJson.write(report(id))));
    }

    @Hidden
    @GetMapping("/report.json")
    ResponseEntity<byte[]> jsonFile(@PathVariable String id) {
        return json(id);
    }

    @Hidden
    @GetMapping(path = "/report", produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<byte[]> html(@PathVariable String id) {
        return answer(HTML, utf8(ReportRenderer.html(report(id))));
    }

    @Hidden
    @GetMapping("/report.html")
    ResponseEntity<byte[]> htmlFile(@PathVariable String id) {
        return html(id);
    }

    @Hidden
    @GetMapping(path = "/report", produces = MediaType.TEXT_MARKDOWN_VALUE)
    ResponseEntity<byte[]> markdown(@PathVariable String id) {
        return answer(MARKDOWN, utf8(ReportRenderer.markdown(report(id))));
    }

    @Hidden
    @GetMapping("/report.md")
    ResponseEntity<byte[]> markdownFile(@PathVariable String id) {
        return markdown(id);
    }

    @Hidden
    @GetMapping(path = "/report", produces = "text/csv")
    ResponseEntity<byte[]> csv(@PathVariable String id) {
        return answer(CSV, utf8(ReportRenderer.csv(report(id))));
    }

    @Hidden
    @GetMapping("/report.csv")
    ResponseEntity<byte[]> csvFile(@PathVariable String id) {
        return csv(id);
    }

    @Hidden
    @GetMapping(path = "/report", produces = "application/x-tex")
    ResponseEntity<byte[]> latex(@PathVariable String id) {
        return answer(LATEX, utf8(ReportRenderer.latex(report(id))));
    }

    @Hidden
    @GetMapping("/report.tex")
    ResponseEntity<byte[]> latexFile(@PathVariable String id) {
        return latex(id);
    }

    private Report report(String id) {
        return reports.get(id).report();
    }

    static ResponseEntity<byte[]> answer(String type, byte[] body) {
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(type))
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .body(body);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
