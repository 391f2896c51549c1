package io.goodhart.api.web;

import java.util.Arrays;
import org.springframework.core.convert.converter.Converter;
import org.springframework.core.convert.converter.ConverterFactory;

/** Reads {@code ?state=queued}: constants are written as everywhere else outside, in lower case. */
final class EnumParameters implements ConverterFactory<String, Enum<?>> {
    @Override
    public <T extends Enum<?>> Converter<String, T> getConverter(Class<T> type) {
        return text -> Arrays.stream(type.getEnumConstants())
                .filter(constant -> WireTypes.enumName(constant).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No %s is called %s".formatted(type, text)));
    }
}
