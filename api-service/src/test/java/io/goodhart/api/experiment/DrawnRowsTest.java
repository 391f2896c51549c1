package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.fake.SampleFiles;
import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.datasets.DataFile;
import io.goodhart.datasets.DataSource;
import io.goodhart.datasets.Prompt;
import io.goodhart.datasets.Prompts;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.PromptAllocation;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.spec.ExperimentSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;

/** What counts is what an experiment draws, not everything that it could have drawn. */
class DrawnRowsTest extends ExperimentSliceTest {
    private static final String MIXED = "data/mixed.jsonl";
    private static final String LONG = "river ".repeat(300).strip();

    @Test
    void textThatIsNotDrawnMayBeTooLong() throws IOException {
        write(MIXED, withOneOf(LONG));
        String few = SampleSpecs.with("/texts", "{'dataset': 'data/mixed.jsonl', 'examples': 2}".replace('\'', '"'));

        assertThat(warnings(few)).noneMatch(warning -> warning.contains("texts are longer"));
        assertThat(warnings(SampleSpecs.with(few, "/texts/examples", "400")))
                .anyMatch(warning -> warning.startsWith("1 of 400 texts are longer"));
    }

    @Test
    void promptThatIsNotDrawnMayBeTooLong() throws IOException {
        ExperimentSpec spec = GoodhartJson.read(ExperimentSpec.class, SampleSpecs.valid());
        String few = SampleSpecs.with("/prompts/dataset", "\"" + MIXED + "\"");
        int drawn = (int) PromptAllocation.required(spec);
        List<String> texts = withOneOf("The last river runs to the sea");

        write(MIXED, replaced(texts, places(spec, texts).get(drawn)));
        assertThat(validate(few).path("problems")).isEmpty();

        write(MIXED, replaced(texts, places(spec, texts).get(drawn - 1)));
        assertThat(validate(few).at("/problems/0/code").asString()).isEqualTo("prompt_too_long");
        assertThat(validate(few).at("/problems/0/message").asString()).contains("longest prompt has 901 tokens");
    }

    @Test
    void pairThatIsNotDrawnMayBeTooLong() throws IOException {
        String read = SampleSpecs.with("/arms/dpo/label_by", "\"dataset\"");
        String few = SampleSpecs.with(read, "/pairs", """
                {"prompts": 20, "k": 3, "dataset": "data/mixed.jsonl", "examples": 2}""");
        write(MIXED, withOneOf(LONG));

        assertThat(validate(few).path("problems")).isEmpty();
        assertThat(validate(SampleSpecs.with(few, "/pairs/examples", "400"))
                        .at("/problems/0/message")
                        .asString())
                .startsWith("The longest prompt has 901 tokens");
    }

    @Test
    void textsOfEverySeedsProbesAreKeptApart() throws IOException {
        String varied = SampleSpecs.with(
                SampleSpecs.with("/seed_varies", "[\"training\", \"probes\"]"),
                "/evaluation/labelled_texts",
                "{'dataset': 'data/mixed.jsonl', 'label': 'label', 'examples': 21}".replace('\'', '"'));
        ExperimentSpec spec = GoodhartJson.read(ExperimentSpec.class, varied);
        List<String> sentences = IntStream.range(0, 400)
                .mapToObj(i -> "The %d. river runs to the sea".formatted(i))
                .toList();
        List<String> others = new ArrayList<>(IntStream.range(0, 20)
                .mapToObj(i -> "The %d. road runs to the sea".formatted(i))
                .toList());
        int last = (int) PromptAllocation.required(spec) - 1; // a probe's of the last seed
        others.add(sentences.get(places(spec, sentences).get(last)));
        write(MIXED, others);

        JsonNode error = validate(varied).at("/problems/0");
        assertThat(error.path("code").asString()).isEqualTo("leakage");
        assertThat(error.path("message").asString()).startsWith("1 of 21 labelled texts are also among the prompts");
    }

    @Test
    void equalTextsOfProbesCountOnceWithTheirFirstLabel() throws IOException {
        String fitted = SampleSpecs.with(
                "/probes/labelled_texts", "{'dataset': 'data/mixed.jsonl', 'label': 'label'}".replace('\'', '"'));
        List<String> twice = IntStream.range(0, 400)
                .mapToObj(i -> "The %d. brook  runs".formatted(i / 2)) // labelled 0, then 1
                .toList();
        write(MIXED, twice);

        JsonNode error = validate(fitted).at("/problems/0");
        assertThat(error.path("code").asString()).isEqualTo("one_class");
        assertThat(error.path("field").asString()).isEqualTo("probes.labelled_texts.label");
    }

    /** Rows in the order in which prompts of the texts are drawn. */
    private static List<Integer> places(ExperimentSpec spec, List<String> texts) throws IOException {
        write("data/order.jsonl", texts);
        Path root = SampleFiles.root();
        DatasetRevision revision = DataFile.revision(root, "data/order.jsonl");
        return Prompts.read(
                        DataSource.of(root.resolve("data/order.jsonl"), revision),
                        order(PromptAllocation.whole(spec, revision), texts.size()))
                .stream()
                .map(Prompt::rowId)
                .map(Integer::valueOf)
                .toList();
    }

    private static PromptSlice order(PromptSlice some, int count) {
        return new PromptSlice(
                some.dataset(), some.field(), some.where(), some.prefix(), some.template(), some.seed(), 0, count);
    }

    private static List<String> replaced(List<String> texts, int row) {
        List<String> changed = new ArrayList<>(texts);
        changed.set(row, LONG);
        return changed;
    }

    private static List<String> withOneOf(String last) {
        List<String> texts = new ArrayList<>(IntStream.range(0, 399)
                .mapToObj(i -> "The %d. brook runs to the river".formatted(i))
                .toList());
        texts.add(last);
        return texts;
    }

    private static void write(String name, List<String> texts) throws IOException {
        Files.writeString(
                SampleFiles.root().resolve(name),
                IntStream.range(0, texts.size())
                        .mapToObj(i -> """
                                {"id": %d, "text": "%s", "prompt": "%s", "chosen": "yes", "rejected": "no", "label": %d}
                                """.formatted(i, texts.get(i), texts.get(i), i % 2))
                        .collect(Collectors.joining()));
    }

    private List<String> warnings(String spec) {
        return validate(spec)
                .path("warnings")
                .valueStream()
                .map(warning -> warning.path("message").asString())
                .toList();
    }

    private JsonNode validate(String spec) {
        return body(mvc.post()
                .uri("/v1/experiments/validate")
                .contentType(MediaType.APPLICATION_JSON)
                .content(spec)
                .exchange());
    }
}
