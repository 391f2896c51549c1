package io.goodhart.api.web;

import io.goodhart.db.codec.GoodhartJson;
import org.springframework.http.ProblemDetail;
import org.springframework.http.converter.json.ProblemDetailJacksonMixin;
import tools.jackson.databind.json.JsonMapper;

/** The platform's JSON with problem documents, whose extensions lie beside their standard members. */
public final class WebJson {
    private static final JsonMapper MAPPER = GoodhartJson.mapper()
            .rebuild()
            .addMixIn(ProblemDetail.class, ProblemDetailJacksonMixin.class)
            .build();

    private WebJson() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }
}
