package io.goodhart.probeservice.oip;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The protocol's JSON, the same whatever the application's own JSON looks like. */
final class OipJson {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private OipJson() {}

    static byte[] write(Object value) {
        return MAPPER.writeValueAsBytes(value);
    }

    /** @throws BadRequestException if it is not one JSON value */
    static JsonNode read(byte[] bytes, int length) {
        try {
            return MAPPER.readTree(bytes, 0, length);
        } catch (JacksonException e) {
            throw new BadRequestException("The request is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A whole number, or another if it is none. */
    static int integer(JsonNode node, int otherwise) {
        return node.isIntegralNumber() && node.canConvertToInt() ? node.intValue() : otherwise;
    }
}
