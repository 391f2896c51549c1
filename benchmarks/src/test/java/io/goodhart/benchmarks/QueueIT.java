package io.goodhart.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Sample;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class QueueIT {
    @Test
    void claimsAndFirstTasksAreMeasured() throws IOException {
        Options options = Options.parse("--tasks", "4", "--workers", "2", "--repeats", "1", "--warm-up-seconds", "0");
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        List<Sample> samples =
                Main.run("queue", options, Optional.empty(), nowhere).samples();
        assertThat(samples).extracting(Sample::amount).containsExactly(4.0, 4.0, 1.0);
    }
}
