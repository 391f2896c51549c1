package io.goodhart.api.model;

import io.goodhart.api.facts.ModelCatalog;
import io.goodhart.api.web.Page;
import io.goodhart.db.model.ModelId;
import io.goodhart.db.model.ModelView;
import io.goodhart.db.model.Models;
import io.goodhart.domain.model.ModelFacts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(
        name = "models",
        description = "Registered models, from the Hub, from archives and from directories below the files root")
class ModelController {
    private final ModelCatalog catalog;
    private final Models models;
    private final Registrations registrations;
    private final ModelUploads uploads;

    ModelController(ModelCatalog catalog, Models models, Registrations registrations, ModelUploads uploads) {
        this.catalog = catalog;
        this.models = models;
        this.registrations = registrations;
        this.uploads = uploads;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "registerModel",
            summary = "Registers a model, or an uploaded archive of one",
            description =
                    "Fetches, checks and hashes it; follow the resource until it is ready or failed. A source that is"
                            + " registered already is the same resource; one that failed begins anew. An archive that is"
                            + " uploaded is kept as an artifact, and its source is artifact:// and its sha256.")
    @ApiResponse(responseCode = "202", description = "Registered; perhaps not ready yet", useReturnTypeSchema = true)
    @io.swagger.v3.oas.annotations.parameters.RequestBody(
            required = true,
            content = {
                @Content(
                        mediaType = MediaType.APPLICATION_JSON_VALUE,
                        schema = @Schema(implementation = RegisterModel.class)),
                @Content(
                        mediaType = MediaType.MULTIPART_FORM_DATA_VALUE,
                        schema = @Schema(implementation = UploadModel.class))
            })
    ResponseEntity<Model> register(@RequestBody RegisterModel request) {
        return accepted(registrations.register(request));
    }

    @PostMapping(consumes = MediaType.MULTIPART_FORM_DATA_VALUE)
    @Operation(hidden = true) // documented with the other one: one path has one operation of a method
    ResponseEntity<Model> upload(@ModelAttribute UploadModel request) throws IOException {
        return accepted(uploads.register(request));
    }

    private static ResponseEntity<Model> accepted(ModelView view) {
        Model model = Model.of(view);
        return ResponseEntity.accepted()
                .location(URI.create("/v1/models/" + model.id()))
                .body(model);
    }

    @GetMapping
    @Operation(operationId = "listModels", summary = "Registered models, newest first")
    Page<Model> list(
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Nullable String after) {
        io.goodhart.db.experiment.Page<ModelView> page =
                models.list(limit, after == null ? null : ModelId.parse(after));
        return new Page<>("list", page.items().stream().map(Model::of).toList(), page.hasMore());
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getModel", summary = "One registered model")
    Model get(@PathVariable String id) {
        return Model.of(models.get(ModelId.parse(id)));
    }

    /** The facts of a directory that is not registered; older than the registry, and kept for those who use it. */
    @GetMapping(params = "path")
    @Operation(hidden = true)
    ModelFacts facts(@RequestParam String path) {
        return catalog.ofDirectory(path, "path");
    }
}
