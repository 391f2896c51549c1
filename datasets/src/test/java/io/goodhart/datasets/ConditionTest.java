package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.spec.Filter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class ConditionTest {
    private static final Row ROW = row("""
            {"score": 0.5, "lang": "en", "n": 2, "text": " three short words\\n", "none": null}""");

    @Test
    void boundsOfARangeAreInIt() {
        assertThat(holds(Filter.range("score", 0.5, 0.5))).isTrue();
        assertThat(holds(Filter.range("score", 0.51, null))).isFalse();
        assertThat(holds(Filter.range("score", null, 0.49))).isFalse();
    }

    @Test
    void valueEqualsAsText() {
        assertThat(holds(new Filter("lang", null, null, "en", null, null, null, null, null, null)))
                .isTrue();
        assertThat(holds(new Filter("lang", null, null, "EN", null, null, null, null, null, null)))
                .isFalse();
        assertThat(holds(new Filter("n", null, null, "2", null, null, null, null, null, null)))
                .isTrue();
    }

    @Test
    void valueIsOneOfSeveral() {
        assertThat(holds(new Filter("lang", null, null, null, List.of("de", "en"), null, null, null, null, null)))
                .isTrue();
        assertThat(holds(new Filter("lang", null, null, null, List.of("de"), null, null, null, null, null)))
                .isFalse();
    }

    @Test
    void wordsAndCharactersAreCountedWithoutTheWhiteSpaceAround() {
        assertThat(holds(length(3, 3, null, null))).isTrue();
        assertThat(holds(length(4, null, null, null))).isFalse();
        assertThat(holds(length(null, 2, null, null))).isFalse();
        assertThat(holds(length(null, null, 17, 17))).isTrue();
        assertThat(holds(length(null, null, 18, null))).isFalse();
        assertThat(holds(length(null, null, null, 16))).isFalse();
    }

    @Test
    void everyConditionMustHold() {
        Filter english = new Filter("lang", null, null, "en", null, null, null, null, null, null);
        assertThat(holds(with(Filter.range("score", 0.1, null), english))).isTrue();
        assertThat(holds(with(Filter.range("score", 0.9, null), english))).isFalse();
        assertThat(holds(with(english, Filter.range("score", 0.9, null)))).isFalse();
    }

    @Test
    void rowWithoutTheValueFulfilsNothing() {
        assertThat(holds(Filter.range("none", -1e9, null))).isFalse();
        assertThat(holds(new Filter("none", null, null, "", null, null, null, null, null, null)))
                .isFalse();
    }

    private static boolean holds(Filter filter) {
        return Condition.holds(filter, ROW);
    }

    private static Filter length(Integer minWords, Integer maxWords, Integer minCharacters, Integer maxCharacters) {
        return new Filter("text", null, null, null, null, minWords, maxWords, minCharacters, maxCharacters, null);
    }

    private static Filter with(Filter filter, Filter other) {
        return new Filter(
                filter.field(),
                filter.atLeast(),
                filter.atMost(),
                filter.equals(),
                null,
                null,
                null,
                null,
                null,
                List.of(other));
    }

    private static Row row(String json) {
        DataSource source = new DataSource(Path.of("data.jsonl"), "data.jsonl", DataFormat.JSON_LINES);
        return new Row(source, 1, (ObjectNode) JsonMapper.shared().readTree(json));
    }
}
