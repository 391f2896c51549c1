package io.goodhart.api.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.api.facts.DataCatalog;
import io.goodhart.api.facts.FactsConfiguration;
import io.goodhart.api.facts.ModelNames;
import io.goodhart.api.fake.ApiSlice;
import io.goodhart.api.fake.FakeDatasets;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.storage.ArtifactStore;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockMultipartFile;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.request.MockMvcRequestBuilders;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@WebMvcTest(DatasetController.class)
@Import({
    ApiSlice.class,
    DatasetConfiguration.class,
    Registrar.class,
    RegisteredDatasets.class,
    FactsConfiguration.class,
    DatasetControllerTest.NoModels.class
})
class DatasetControllerTest {
    private static final String CSV = "text,toxicity\n\"two\nlines\",0.5\nplain,\nplain,\n";

    @TempDir
    private static Path root = Path.of("");

    @Autowired
    private MockMvcTester mvc;

    @Autowired
    private FakeDatasets datasets;

    @Autowired
    private ArtifactStore store;

    @Autowired
    private DataCatalog catalog;

    @DynamicPropertySource
    static void settings(DynamicPropertyRegistry registry) {
        registry.add("goodhart.files.root", () -> root.toString());
        registry.add("goodhart.datasets.max-size", () -> "1KB");
    }

    @BeforeEach
    void clear() {
        List.copyOf(datasets.list(1000, null).items()).forEach(view -> datasets.delete(view.id()));
    }

    @Test
    void fileIsRegisteredWithWhatIsInIt() throws IOException {
        write("rows.csv", CSV);
        MvcTestResult result = register("comments", "rows.csv");

        assertThat(result).hasStatus(201);
        JsonNode dataset = body(result);
        assertThat(dataset.get("version").asInt()).isEqualTo(1);
        assertThat(dataset.get("format").asString()).isEqualTo("csv");
        assertThat(dataset.get("rows").asInt()).isEqualTo(3);
        assertThat(dataset.at("/columns/1")).hasToString("""
                {"name":"toxicity","types":["number"],"missing":0,"empty":2}""");
        assertThat(dataset.get("warnings")
                        .valueStream()
                        .map(warning -> warning.get("code").asString()))
                .containsExactly("duplicate_rows", "missing_values");
        assertThat(result.getResponse().getHeader("Location"))
                .isEqualTo("/v1/datasets/" + dataset.get("id").asString());
    }

    @Test
    void equalContentIsTheSameResourceAndOtherContentTheNextVersion() throws IOException {
        write("rows.csv", CSV);
        JsonNode first = body(register("comments", "rows.csv"));
        MvcTestResult again = upload("comments", "other.csv", CSV.getBytes(StandardCharsets.UTF_8));
        assertThat(again).hasStatus(200);
        assertThat(body(again)).isEqualTo(first);

        MvcTestResult next = upload("comments", "rows.csv", "text\nx\n".getBytes(StandardCharsets.UTF_8));
        assertThat(next).hasStatus(201);
        assertThat(get("comments").get("version").asInt()).isEqualTo(2);
        assertThat(get("comments@1")).isEqualTo(first);
        assertThat(get(first.get("id").asString())).isEqualTo(first);
        assertThat(body(mvc.get().uri("/v1/datasets").exchange()).get("data").size())
                .isEqualTo(2);
    }

    @Test
    void previewMasksTextsUnlessTheyAreAskedFor() throws IOException {
        write("rows.csv", CSV);
        register("comments", "rows.csv");

        JsonNode masked =
                body(mvc.get().uri("/v1/datasets/comments/rows?limit=1").exchange());
        assertThat(masked.at("/data/0")).hasToString("""
                {"row":1,"line":2,"fields":{"text":"[9 characters]","toxicity":"[3 characters]"}}""");
        assertThat(masked.get("has_more").asBoolean()).isTrue();
        JsonNode plain = body(mvc.get()
                .uri("/v1/datasets/comments/rows?limit=5&after=1&texts=plain")
                .exchange());
        assertThat(plain.at("/data/0")).hasToString("""
                {"row":2,"line":4,"fields":{"text":"plain","toxicity":""}}""");
        assertThat(plain.get("data").size()).isEqualTo(2);
        assertThat(plain.get("has_more").asBoolean()).isFalse();
    }

    @Test
    void oneVersionIsDeletedAndAWholeNameIsNot() throws IOException {
        write("rows.csv", CSV);
        register("comments", "rows.csv");

        assertThat(mvc.delete().uri("/v1/datasets/comments")).hasStatus(422);
        assertThat(mvc.delete().uri("/v1/datasets/comments@1")).hasStatus(204);
        assertThat(mvc.get().uri("/v1/datasets/comments")).hasStatus(404);
        assertThat(mvc.delete().uri("/v1/datasets/comments@1")).hasStatus(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ragged.csv|a,b;1|UTF-8|bad_row|Line 2 of ragged.csv has 1 values",
                "open.csv|a;\"x;|UTF-8|bad_file|line 2",
                "head.csv|a,b;|UTF-8|bad_file|has no rows",
                "utf16.csv|a;x|UTF-16|wrong_encoding|UTF-16",
                "latin.csv|a;x;é|ISO-8859-1|wrong_encoding|malformed bytes in line 3",
                "cut.parquet|PAR1 and no more|UTF-8|bad_file|is cut off",
                "lines.jsonl|{\"a\":1};no|UTF-8|bad_row|Line 2 of lines.jsonl is not JSON",
                "unknown.dat|a,b;1,2|UTF-8|unknown_format|give json_lines"
            })
    void badFileIsRefusedAndNothingIsKept(String file, String content, String charset, String code, String message) {
        byte[] bytes = content.replace(';', '\n').getBytes(Charset.forName(charset));
        MvcTestResult result = upload("bad", file, bytes);

        assertThat(result).hasStatus(422);
        assertThat(body(result).get("code").asString()).isEqualTo(code);
        assertThat(body(result).get("detail").asString()).contains(message);
        assertThat(datasets.names()).isEmpty();
        assertThat(isKept(bytes)).isFalse();
    }

    private boolean isKept(byte[] bytes) {
        return store.contains(new ArtifactId(Hashes.sha256(bytes)));
    }

    @Test
    void contentThatWasAcceptedBeforeOutlivesARefusal() {
        byte[] lines = "a,b\n1\n".getBytes(StandardCharsets.UTF_8);
        assertThat(upload("lines", "lines.txt", lines)).hasStatus(201);
        assertThat(upload("table", "table.csv", lines)).hasStatus(422);
        assertThat(isKept(lines)).isTrue();
    }

    @Test
    void formWithoutAFileIsRefused() {
        MvcTestResult result =
                mvc.perform(MockMvcRequestBuilders.multipart("/v1/datasets").param("name", "x"));
        assertThat(result).hasStatus(422);
        assertThat(body(result).at("/errors/0/field").asString()).isEqualTo("file");
    }

    @Test
    void emptyFileIsRefused() {
        assertThat(body(upload("bad", "empty.csv", new byte[0])).get("detail").asString())
                .contains("has no rows");
    }

    @Test
    void listOfTermsIsARegisteredTextAndNoTable() {
        byte[] terms = "please\nthank you\n".getBytes(StandardCharsets.UTF_8);
        JsonNode text = body(upload("terms", "terms.txt", terms));
        upload("table", "table.csv", terms);
        assertThat(catalog.lexicon("terms", "file").sha256())
                .isEqualTo(text.get("sha256").asString());
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> catalog.lexicon("table@1", "file"))
                .withMessageContaining("table@1 is registered as csv")
                .extracting(InvalidInputException::code)
                .isEqualTo("wrong_format");
    }

    @Test
    void fileThatIsTooLargeIsRefused() throws IOException {
        write("large.txt", "x".repeat(1025));
        MvcTestResult result = register("large", "large.txt");

        assertThat(result).hasStatus(413);
        assertThat(body(result).get("code").asString()).isEqualTo("too_large");
    }

    @ParameterizedTest
    @CsvSource({"../secret.csv,path_not_allowed", "/etc/hostname,path_not_allowed", "none.csv,dataset_not_found"})
    void pathThatIsOutsideOrNowhereIsRefused(String path, String code) {
        MvcTestResult result = register("bad", path);
        assertThat(result).hasStatus(422);
        assertThat(body(result).at("/errors/0/code").asString()).isEqualTo(code);
        assertThat(body(result).at("/errors/0/field").asString()).isEqualTo("source");
    }

    @ParameterizedTest
    @CsvSource({"Upper", "a b", "a@1", "0190b8a5-7c33-7d2e-9f7b-0123456789ab", "a/b"})
    void nameThatCannotBeToldFromAPathOrAnIdIsRefused(String name) throws IOException {
        write("rows.csv", CSV);
        assertThat(body(register(name, "rows.csv")).at("/errors/0/field").asString())
                .isEqualTo("name");
    }

    private static void write(String name, String content) throws IOException {
        Files.writeString(root.resolve(name), content);
    }

    private MvcTestResult register(String name, String source) {
        return mvc.post()
                .uri("/v1/datasets")
                .contentType(MediaType.APPLICATION_JSON)
                .content("{\"name\": \"%s\", \"source\": \"%s\"}".formatted(name, source))
                .exchange();
    }

    private MvcTestResult upload(String name, String file, byte[] content) {
        return mvc.perform(MockMvcRequestBuilders.multipart("/v1/datasets")
                .file(new MockMultipartFile("file", file, null, content))
                .param("name", name));
    }

    private JsonNode get(String dataset) {
        return body(mvc.get().uri("/v1/datasets/" + dataset).exchange());
    }

    private static JsonNode body(MvcTestResult result) {
        return JsonMapper.shared().readTree(result.getResponse().getContentAsByteArray());
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class NoModels {
        @Bean
        ModelNames modelNames() {
            return (_, _) -> Optional.empty();
        }
    }
}
