package io.goodhart.trainer.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskLogTest {
    @TempDir
    private Path directory;

    @Test
    void linesGoToTheFileOfTheirTask() throws IOException {
        try (TaskLog log = new TaskLog(directory, 1_000_000, 10)) {
            log.line("before");
            log.begin("a");
            log.line("of a");
            log.begin("b");
            log.line("of b");
        }

        assertThat(directory.resolve("idle.log")).hasContent("before");
        assertThat(directory.resolve("a.log")).hasContent("of a");
        assertThat(directory.resolve("b.log")).hasContent("of b");
    }

    @Test
    void aTaskThatTalksWithoutEndKeepsItsLastLinesOnly() throws IOException {
        try (TaskLog log = new TaskLog(directory, 1000, 10)) {
            log.begin("a");
            for (int i = 0; i < 500; i++) {
                log.line("line " + i);
            }
        }

        assertThat(Files.size(directory.resolve("a.log")) + Files.size(directory.resolve("a.log.1")))
                .isLessThan(1100);
        assertThat(Files.readString(directory.resolve("a.log")) + Files.readString(directory.resolve("a.log.1")))
                .contains("line 499");
    }

    @Test
    void onlyTheNewestFilesAreKept() throws IOException {
        for (int i = 0; i < 5; i++) {
            Path file = Files.createFile(directory.resolve(i + ".log"));
            Files.setLastModifiedTime(file, FileTime.fromMillis(1000L * i));
        }
        try (TaskLog log = new TaskLog(directory, 1000, 2)) {
            log.begin("a");
        }

        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder("3.log", "4.log");
        }
    }
}
