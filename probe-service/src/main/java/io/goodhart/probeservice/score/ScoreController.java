package io.goodhart.probeservice.score;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.probeservice.refusal.Bodies;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Scores texts: the model that a probe was fitted on reads them, and the probe reads the model. */
@RestController
class ScoreController {
    private final TextScoring scoring;
    private final Bodies bodies;

    ScoreController(TextScoring scoring, Bodies bodies) {
        this.scoring = scoring;
        this.bodies = bodies;
    }

    @PostMapping("/v1/score")
    ResponseEntity<byte[]> score(HttpServletRequest request) throws IOException {
        byte[] body = bodies.read(request);
        ScoreRequest texts = GoodhartJson.read(ScoreRequest.class, new ByteArrayInputStream(body));
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(GoodhartJson.mapper().writeValueAsBytes(scoring.score(texts)));
    }
}
