package io.goodhart.api.dataset;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.api.files.FilesRoot;
import io.goodhart.api.web.Page;
import io.goodhart.datasets.DataSource;
import io.goodhart.db.dataset.DatasetId;
import io.goodhart.db.dataset.DatasetView;
import io.goodhart.db.dataset.Datasets;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/v1/datasets", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "datasets", description = "Registered data sets: versions of names, each one exact content")
class DatasetController {
    private final FilesRoot root;
    private final Registrar registrar;
    private final RegisteredDatasets registered;
    private final Datasets datasets;
    private final ArtifactLibrary artifacts;

    DatasetController(
            FilesRoot root,
            Registrar registrar,
            RegisteredDatasets registered,
            Datasets datasets,
            ArtifactLibrary artifacts) {
        this.root = root;
        this.registrar = registrar;
        this.registered = registered;
        this.datasets = datasets;
        this.artifacts = artifacts;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "registerDataset",
            summary = "Registers a file below the files root, or an uploaded one",
            description =
                    "Copies, hashes and reads it whole. A content that the name has already is its old version (200), any"
                            + " other one the next version (201).")
    @ApiResponse(responseCode = "201", description = "A new version", useReturnTypeSchema = true)
    @ApiResponse(responseCode = "200", description = "The version that has this content", useReturnTypeSchema = true)
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = RegisterDataset.class)),
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                        schema = @Schema(implementation = UploadDataset.class))
            })
    ResponseEntity<Dataset> register(@RequestBody RegisterDataset request) throws IOException {
        Path file = root.resolve(request.source(), "source");
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(
                    new Problem("dataset_not_found", "source", "There is no data file " + request.source()));
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return answer(registrar.register(request.name(), bytes, request.source(), request.format()));
        }
    }

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(hidden = true) // documented with the other one: one path has one operation of a method
    ResponseEntity<Dataset> upload(@ModelAttribute UploadDataset request) throws IOException {
        try (InputStream bytes = request.file().getInputStream()) {
            String source = Objects.requireNonNullElse(request.file().getOriginalFilename(), "upload");
            return answer(registrar.register(request.name(), bytes, source, request.format()));
        }
    }

    private static ResponseEntity<Dataset> answer(Datasets.Registration registration) {
        Dataset dataset = Dataset.of(registration.dataset());
        return ResponseEntity.status(registration.isNew() ? HttpStatus.CREATED : HttpStatus.OK)
                .location(URI.create("/v1/datasets/" + dataset.id()))
                .body(dataset);
    }

    @GetMapping
    @Operation(operationId = "listDatasets", summary = "Registered data sets, newest first")
    Page<Dataset> list(
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return Page.of(datasets.list(limit, after == null ? null : id(after)), Dataset::of);
    }

    private static DatasetId id(String text) {
        return DatasetId.of(text).orElseThrow(() -> new NotFoundException("There is no data set " + text));
    }

    @GetMapping("/{dataset}")
    @Operation(operationId = "getDataset", summary = "One data set, by its id, name or name@version")
    Dataset get(@PathVariable String dataset) {
        return Dataset.of(registered.get(dataset));
    }

    @GetMapping("/{dataset}/rows")
    @Operation(
            operationId = "previewDataset",
            summary = "Rows of a data set, in the file's order",
            description = "Texts are masked unless texts=plain: data sets about harm hold harmful texts.")
    Page<PreviewedRow> rows(
            @PathVariable String dataset,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(defaultValue = "0") @Min(0) long after,
            @RequestParam(defaultValue = "masked") RowPreview.Texts texts) {
        DatasetView view = registered.get(dataset);
        DataSource source = DataSource.of(artifacts.file(view.content().artifact()), view.revision());
        return Page.of(RowPreview.of(source, after, limit + 1, texts), limit);
    }

    @DeleteMapping("/{dataset}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(
            operationId = "deleteDataset",
            summary = "Forgets one version, by its id or name@version",
            description = "Refused while an experiment that has not ended reads it. Its number is not given again.")
    void delete(@PathVariable String dataset) {
        if (!RegisteredDatasets.isExact(dataset)) {
            throw new InvalidInputException(new Problem(
                    "version_required", "dataset", "Say which version: its id or %s@version".formatted(dataset)));
        }
        datasets.delete(registered.get(dataset).id());
    }
}
