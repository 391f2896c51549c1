package io.goodhart.modelfiles.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class JsonFaultTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{|Unexpected end-of-input: expected close marker for Object (line 1, column 2)",
                "{\"a\" 1}|(line 1, column 6)",
                "[nan]|(line 1, column"
            })
    void faultIsToldWithItsPlaceAndWithoutTheParsersOwnWords(String text, String expected) {
        JacksonException failure = catchThrowableOfType(
                JacksonException.class, () -> JsonMapper.shared().readTree(text.getBytes(StandardCharsets.UTF_8)));

        assertThat(JsonFault.of(failure)).contains(expected).doesNotContain("Source", "start marker");
    }
}
