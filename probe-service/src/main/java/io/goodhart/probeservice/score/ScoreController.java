package io.goodhart.probeservice.score;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.probeservice.refusal.Bodies;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Scores texts: the model that a probe was fitted on reads them, and the probe reads the model. */
@RestController
@Tag(name = "probes")
class ScoreController {
    private final TextScoring scoring;
    private final Bodies bodies;

    ScoreController(TextScoring scoring, Bodies bodies) {
        this.scoring = scoring;
        this.bodies = bodies;
    }

    @PostMapping("/v1/score")
    @Operation(operationId = "scoreTexts", summary = "What probes read of texts")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = ScoreRequest.class)))
    @ApiResponse(
            responseCode = "200",
            description = "One entry for each text, in order",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_JSON_VALUE,
                            schema = @Schema(implementation = ScoreResponse.class)))
    ResponseEntity<byte[]> score(HttpServletRequest request) throws IOException {
        byte[] body = bodies.read(request);
        ScoreRequest texts = GoodhartJson.read(ScoreRequest.class, new ByteArrayInputStream(body));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(GoodhartJson.mapper().writeValueAsBytes(scoring.score(texts)));
    }
}
