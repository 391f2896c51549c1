package io.goodhart.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Sample;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That every benchmark runs; how fast is none of a test's business. */
class MainTest {
    @TempDir
    private Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void matrixProductsAreMeasured() throws IOException {
        List<Sample> samples = run("gemm", "--size", "64", "--products", "2");
        assertThat(samples).hasSize(2).extracting(Sample::amount).containsOnly(2 * 2 * 64.0 * 64 * 64 / 1e9);
        assertThat(printed.toString(StandardCharsets.UTF_8).lines())
                .anyMatch(line -> line.startsWith("{\"case\": \"gemm-64\", \"repeat\": 1, \"wall_s\": "));
    }

    @Test
    void peaksAreMeasuredInProcessesOfTheirOwnBesideTheirEstimates() throws IOException {
        run("memory-estimate", "--tables", "fitted", "--models", "none,tiny-toxicity", "--heap", "64");
        List<String> rows = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("| S"))
                .toList();
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst()).startsWith("| START | none | BASE | whole | 0 × 0 | ");
        assertThat(rows.getLast()).startsWith("| SCORE | tiny-toxicity | BASE | whole | 64 × 128 | ");
    }

    @Test
    void everyKindOfTrainingIsMeasured() throws IOException {
        List<Sample> samples = run(
                "train",
                "--model",
                "gpt2-tiny",
                "--model-dir",
                directory.toString(),
                "--rows",
                "2",
                "--length",
                "8",
                "--steps",
                "2",
                "--gemm-size",
                "32");
        assertThat(samples).hasSize(8).extracting(Sample::amount).containsOnly(2 * 2 * 8.0);
        assertThat(samples).allMatch(sample -> sample.figures().get("mfu") > 0);
    }

    @Test
    void trainingOnRaggedPairsIsMeasured() throws IOException {
        String[] arguments = {
            "--model",
            "gpt2-tiny",
            "--model-dir",
            directory.toString(),
            "--pairs",
            "4",
            "--batch",
            "2",
            "--prompt-tokens",
            "5",
            "--completion-tokens",
            "18"
        };
        assertThat(run("trl", arguments)).hasSize(8).extracting(Sample::amount).containsOnly(4.0);
        assertThat(run("pairs", arguments)).isEmpty();
        Path data = Path.of(
                printed.toString(StandardCharsets.UTF_8).lines().toList().getLast());
        assertThat(data).content().startsWith("[{\"prompt\": [");
    }

    @Test
    void everyKindOfGenerationIsMeasured() throws IOException {
        List<Sample> samples = run(
                "generate",
                "--model",
                "gpt2-tiny",
                "--model-dir",
                directory.toString(),
                "--batches",
                "1,3",
                "--decodings",
                "greedy,sampled,pooled",
                "--new-tokens",
                "4",
                "--samples",
                "2");
        assertThat(samples)
                .extracting(Sample::amount)
                .containsExactly(4.0, 4.0, 12.0, 12.0, 8.0, 8.0, 24.0, 24.0, 8.0, 8.0, 24.0, 24.0);
    }

    @Test
    void probeFitsAreMeasured() throws IOException {
        List<Sample> samples =
                run("probe", "--n", "60", "--d", "8", "--sweep-n", "80", "--sweep-d", "5", "--layers", "3");
        assertThat(samples).hasSize(6).extracting(Sample::amount).containsExactly(1.0, 1.0, 1.0, 1.0, 3.0, 3.0);
        assertThat(samples).allMatch(sample -> sample.figures().get("gradient_norm") < 1e-5);
    }

    @Test
    void repetitionsWaitForTheirTurn() throws IOException {
        BufferedReader turns = new BufferedReader(new StringReader("warm up\nfirst\nsecond\n"));
        Options options = Options.parse("--size", "8", "--repeats", "2", "--warm-up-seconds", "0");
        assertThat(Main.run("gemm", options, Optional.of(turns), out()).samples())
                .hasSize(2);
        assertThat(turns.readLine()).isNull();
    }

    @Test
    void unknownBenchmarksAndOptionsAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> run("gem")).withMessageContaining("gem");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("gemm", "--sise", "8"))
                .withMessageContaining("sise");
    }

    private List<Sample> run(String name, String... arguments) throws IOException {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--repeats";
        all[arguments.length + 1] = "2";
        all[arguments.length + 2] = "--warm-up-seconds";
        all[arguments.length + 3] = "0";
        return Main.run(name, Options.parse(all), Optional.empty(), out()).samples();
    }

    private PrintStream out() {
        return new PrintStream(printed, true, StandardCharsets.UTF_8);
    }
}
