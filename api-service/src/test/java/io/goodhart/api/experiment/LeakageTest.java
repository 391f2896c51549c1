package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.fake.SampleFiles;
import io.goodhart.api.fake.SampleSpecs;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;

/** The same text is never in two splits that must be disjoint. */
class LeakageTest extends ExperimentSliceTest {
    private static final String PAIRS = """
            {"prompts": 20, "k": 3, "dataset": "data/pairs.jsonl", "examples": 30}""";

    @BeforeEach
    void write() throws IOException {
        write("copied.jsonl", "The  %d. river runs to the\\tsea", 0);
        write("pairs.jsonl", "The %d. river runs to the sea", 0);
        write("others.jsonl", "The %d. road runs to the sea", 0);
        write("others2.jsonl", "The %d.  road runs to the sea", 0);
    }

    @Test
    void splitsOfOneFileAreDrawnApart() {
        assertThat(submit(SampleSpecs.valid())).hasStatus(202);
    }

    @Test
    void corpusThatHoldsWhatSftReadsIsRefused() {
        String many = SampleSpecs.with("/evaluation/perplexity/rivers/examples", "390");
        refused(
                SampleSpecs.with(many, "/evaluation/perplexity/rivers/dataset", "\"data/copied.jsonl\""),
                "evaluation.perplexity.rivers",
                "texts that SFT trains on");
        assertThat(submit(SampleSpecs.with(many, "/evaluation/perplexity/rivers/dataset", "\"data/others.jsonl\"")))
                .hasStatus(202);
    }

    @Test
    void labelledTextsThatSftReadsAreRefused() {
        String other = SampleSpecs.with("/prompts/dataset", "\"data/others.jsonl\"");
        refused(
                SampleSpecs.with(
                        SampleSpecs.with(other, "/texts/examples", "390"),
                        "/evaluation/labelled_texts/dataset",
                        "\"data/copied.jsonl\""),
                "evaluation.labelled_texts",
                "texts that SFT trains on");
    }

    @Test
    void labelledTextsThatProbesAreFittedOnAreRefused() {
        refused(
                SampleSpecs.with("/evaluation/labelled_texts/dataset", "\"data/copied.jsonl\""),
                "evaluation.labelled_texts",
                "prompts that probes are fitted on");
    }

    @Test
    void probesAreFittedOnTextsThatNoEvaluationReads() {
        refused(fittedOn("copied"), "probes.labelled_texts", "the evaluation's");
        refused(
                SampleSpecs.with(fittedOn("others"), "/evaluation/labelled_texts/dataset", "\"data/others2.jsonl\""),
                "probes.labelled_texts",
                "the evaluation's labelled texts");
        assertThat(submit(fittedOn("others"))).hasStatus(202);
        assertThat(submit(fittedOn("sentences"))).hasStatus(202); // one file for all of them, and drawn apart
    }

    private static String fittedOn(String file) {
        return SampleSpecs.with("/probes/labelled_texts", """
                {"dataset": "data/%s.jsonl", "label": "label"}""".formatted(file));
    }

    @Test
    void pairsWithTheEvaluationsPromptsAreRefused() {
        String read = SampleSpecs.with("/arms/dpo/label_by", "\"dataset\"");
        refused(SampleSpecs.with(read, "/pairs", PAIRS.replace("30", "400")), "pairs.dataset", "evaluation's prompts");
        assertThat(submit(SampleSpecs.with(read, "/pairs", PAIRS.replace("pairs.jsonl", "others.jsonl"))))
                .hasStatus(202);
    }

    @Test
    void splitThatIsLeftTooSmallIsRefused() {
        MvcTestResult result = submit(SampleSpecs.with("/evaluation/perplexity/rivers/examples", "371"));
        JsonNode error = body(result).at("/errors/0");
        assertThat(error.get("code").asString()).isEqualTo("data_too_small");
        assertThat(error.get("field").asString()).isEqualTo("evaluation.perplexity.rivers");
        assertThat(error.get("message").asString()).contains("beside those that are read elsewhere");
    }

    private void refused(String spec, String field, String message) {
        MvcTestResult result = submit(spec);
        assertThat(result).hasStatus(422);
        JsonNode error = body(result).at("/errors/0");
        assertThat(error.get("code").asString()).isEqualTo("leakage");
        assertThat(error.get("field").asString()).isEqualTo(field);
        assertThat(error.get("message").asString())
                .containsPattern("^[1-9][0-9]* of ")
                .contains(message);
        assertThat(experiments.count()).isZero();
    }

    private static void write(String name, String text, int from) throws IOException {
        Files.writeString(
                SampleFiles.root().resolve("data").resolve(name),
                IntStream.range(from, from + 400)
                        .mapToObj(i -> """
                                {"id": %d, "text": "%s", "prompt": "%s", "chosen": "yes", "rejected": "no", "label": %d}
                                """.formatted(i, text.formatted(i), text.formatted(i), i % 2))
                        .collect(Collectors.joining()));
    }
}
