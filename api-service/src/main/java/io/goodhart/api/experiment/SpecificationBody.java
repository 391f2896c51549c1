package io.goodhart.api.experiment;

import io.goodhart.domain.spec.ExperimentSpec;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.http.MediaType;

/** Documents an operation whose body is a specification in JSON or YAML. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
        required = true,
        content = {
            @Content(
                    mediaType = MediaType.APPLICATION_JSON_VALUE,
                    schema = @Schema(implementation = ExperimentSpec.class)),
            @Content(mediaType = ExperimentController.YAML, schema = @Schema(implementation = ExperimentSpec.class))
        })
@interface SpecificationBody {}
