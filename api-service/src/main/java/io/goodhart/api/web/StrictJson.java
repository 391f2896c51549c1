package io.goodhart.api.web;

import io.goodhart.db.codec.GoodhartJson;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;

/** Reads bodies as everything else is read, so that a refusal names the field. */
final class StrictJson extends JacksonJsonHttpMessageConverter {
    StrictJson() {
        super(WebJson.mapper());
    }

    @Override
    public Object read(ResolvableType type, HttpInputMessage message, @Nullable Map<String, Object> hints)
            throws IOException {
        return GoodhartJson.read(type.toClass(), message.getBody());
    }
}
