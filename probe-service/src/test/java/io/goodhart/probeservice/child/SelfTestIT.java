package io.goodhart.probeservice.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.tensor.SelfTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfTestIT {
    @Test
    void aFailedSelfTestEndsTheProcessBeforeItSaysAWord() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                Broken.class.getName());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process child = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try { // its stdin stays open: it ends by itself
            assertThat(new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEmpty();
            assertThat(child.waitFor()).isEqualTo(ScoreMain.BROKEN);
        } finally {
            child.destroyForcibly();
        }
    }

    /** The child with a library that computes wrong. */
    static final class Broken {
        private Broken() {}

        public static void main(String[] arguments) throws Exception {
            ScoreMain.run(() -> new SelfTest.Report("2.x", List.of(new SelfTest.Check("attention", 0.5, 1e-5))));
        }
    }
}
