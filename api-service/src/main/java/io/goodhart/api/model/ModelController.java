package io.goodhart.api.model;

import io.goodhart.api.facts.ModelCatalog;
import io.goodhart.domain.model.ModelFacts;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "models", description = "Model directories below the files root")
class ModelController {
    private final ModelCatalog models;

    ModelController(ModelCatalog models) {
        this.models = models;
    }

    @GetMapping(path = "/v1/models", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "getModel",
            summary = "What is known of a model without loading it",
            description = "Refuses a directory that cannot be used, naming each offending file or key.")
    ModelFacts get(@RequestParam String path) {
        return models.facts(path, "path");
    }
}
