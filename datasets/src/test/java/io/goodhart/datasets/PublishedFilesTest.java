package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.spec.PromptSpec;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files that others published, read as they are. */
class PublishedFilesTest {
    @Test
    void challengePromptsOfRealToxicityPromptsAreAllDistinct() {
        DataSource prompts = source("rtp_challenge_prompts.jsonl", DataFormat.JSON_LINES);
        List<String> distinct = new ArrayList<>();
        Prompts.forEach(prompts, new PromptSpec("challenge", "prompt", null, null, "{text}"), distinct::add);

        assertThat(Survey.of(prompts).rows()).isEqualTo(1199);
        assertThat(distinct).hasSize(1199);
        assertThat(distinct.stream().mapToInt(String::length).min()).hasValue(14);
        assertThat(distinct.stream().mapToInt(String::length).max()).hasValue(128);
    }

    @Test
    void rowsOfJigsawAreCountedWithTheLineEndsInTheirTexts() throws IOException {
        DataSource jigsaw = source("jigsaw_sample_train.csv", DataFormat.CSV);

        assertThat(Survey.of(jigsaw).rows()).isEqualTo(282);
        try (Stream<String> lines = Files.lines(jigsaw.file())) {
            assertThat(lines.count()).isGreaterThan(1000);
        }
    }

    private static DataSource source(String name, DataFormat format) {
        Optional<Path> file = Fixtures.data(name);
        assumeThat(file).isPresent();
        return new DataSource(file.orElseThrow(), name, format);
    }
}
