package io.goodhart.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataLockTest {
    private static final URI ADDRESS = URI.create("http://127.0.0.1:4711");

    @TempDir
    private Path data;

    @Test
    void secondOneIsToldWhereTheFirstOneAnswers() {
        try (DataLock first = DataLock.take(data)) {
            assertThat(refusal().server()).isEmpty();
            first.announce(ADDRESS);
            assertThat(refusal().server()).contains(ADDRESS);
        }
    }

    @Test
    void whoLetsGoLeavesNothingBehind() {
        try (DataLock first = DataLock.take(data)) {
            first.announce(ADDRESS);
        }
        try (DataLock second = DataLock.take(data)) {
            assertThat(refusal().server()).isEmpty();
        }
    }

    @Test
    void anotherProcessIsKeptOutToo() throws Exception {
        try (DataLock first = DataLock.take(data)) {
            first.announce(ADDRESS);
            Process other = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Taker.class.getName(),
                            data.toString())
                    .redirectErrorStream(true)
                    .start();
            assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains(ADDRESS.toString());
            assertThat(other.waitFor()).isEqualTo(1);
        }
    }

    /** Tries to take the data in a process of its own. */
    static final class Taker {
        private Taker() {}

        public static void main(String[] arguments) {
            DataLock.take(Path.of(arguments[0])).close();
        }
    }

    @Test
    void placeThatCannotBeADirectoryIsNamed() {
        DataLock.take(data).close();
        Path below = data.resolve("goodhart.lock").resolve("below");
        assertThatThrownBy(() -> DataLock.take(below)).hasMessageContaining(below.toString());
    }

    private DataInUseException refusal() {
        return catchThrowableOfType(DataInUseException.class, () -> DataLock.take(data));
    }
}
