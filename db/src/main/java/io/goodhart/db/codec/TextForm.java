package io.goodhart.db.codec;

import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.ser.std.StdSerializer;

/** Values that are one text outside. */
final class TextForm {
    private TextForm() {}

    static <T> ValueSerializer<T> writer(Class<T> type, Function<T, String> toText) {
        return new StdSerializer<>(type) {
            @Override
            public void serialize(T value, JsonGenerator out, SerializationContext context) {
                out.writeString(toText.apply(value));
            }
        };
    }

    static <T> ValueDeserializer<T> reader(Class<T> type, Function<String, T> ofText) {
        return new StdDeserializer<>(type) {
            @Override
            public T deserialize(JsonParser in, DeserializationContext context) {
                if (in.currentToken() != JsonToken.VALUE_STRING) {
                    return type.cast(context.handleUnexpectedToken(getValueType(context), in));
                }
                String text = in.getString();
                try {
                    return ofText.apply(text);
                } catch (IllegalArgumentException e) {
                    return type.cast(context.handleWeirdStringValue(type, text, "%s", e.getMessage()));
                }
            }
        };
    }

    /** A text, or a whole number taken as its text. */
    static final class NameOrNumber extends StdDeserializer<String> {
        NameOrNumber() {
            super(String.class);
        }

        @Override
        public String deserialize(JsonParser in, DeserializationContext context) {
            JsonToken token = in.currentToken();
            if (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT) {
                return in.getString();
            }
            return (String) context.handleUnexpectedToken(getValueType(context), in);
        }
    }
}
