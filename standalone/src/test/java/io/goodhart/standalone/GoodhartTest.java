package io.goodhart.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.validate.ValueRules;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.dataformat.yaml.YAMLMapper;

class GoodhartTest {
    private final StringWriter err = new StringWriter();

    @Test
    void withoutACommandItSaysWhichThereAre() {
        assertThat(run()).isEqualTo(2);
        assertThat(err.toString()).contains("demo", "serve", "run", "report");
    }

    @Test
    void fileThatIsNotThereIsRefusedInOneLine() {
        assertThat(run("run", "no-such-file.yaml")).isEqualTo(2);
        assertThat(err.toString()).startsWith("Cannot read no-such-file.yaml").hasLineCount(1);
    }

    @Test
    void specificationThatIsNotUtf8IsSaidToBeNone(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("spec.yaml"), "name: x", StandardCharsets.UTF_16);
        assertThat(run("validate", file.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("spec.yaml: it is not UTF-8").hasLineCount(1);
    }

    @Test
    void serverThatDoesNotAnswerIsNamed() {
        Path demo = Fixtures.root().resolve("experiments/demo.yaml");
        assertThat(run("run", demo.toString(), "--server", "http://127.0.0.1:1"))
                .isEqualTo(3);
        assertThat(err.toString()).contains("http://127.0.0.1:1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo.yaml", "demo-quick.yaml"})
    void bundledExperimentsAreSound(String name) throws IOException {
        String yaml = Files.readString(Fixtures.root().resolve("experiments").resolve(name));
        Map<?, ?> tree = new YAMLMapper().readValue(yaml, Map.class);
        ExperimentSpec spec = GoodhartJson.readTree(ExperimentSpec.class, tree);
        assertThat(ValueRules.check(spec)).isEmpty();
    }

    private int run(String... arguments) {
        CommandLine line = Goodhart.commandLine();
        line.setErr(new PrintWriter(err));
        return line.execute(arguments);
    }
}
