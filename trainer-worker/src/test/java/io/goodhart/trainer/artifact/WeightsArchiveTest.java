package io.goodhart.trainer.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsArchiveTest {
    @TempDir
    private Path directory;

    @Test
    void adapterComesBackAsItsTwoFiles() throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(source.resolve("adapter_config.json"), "{}");
        Files.write(source.resolve("adapter_model.safetensors"), new byte[] {1, 2, 3});
        Files.writeString(source.resolve("something else"), "left behind");
        WeightsArchive.pack(source, directory.resolve("archive"));
        WeightsArchive.unpack(directory.resolve("archive"), directory.resolve("target"));

        assertThat(directory.resolve("target/adapter_config.json")).hasContent("{}");
        assertThat(directory.resolve("target/adapter_model.safetensors")).hasBinaryContent(new byte[] {1, 2, 3});
        assertThat(directory.resolve("target")).isDirectoryNotContaining("glob:**else");
    }

    @Test
    void sameWeightsGiveTheSameBytes() throws IOException {
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.write(source.resolve("model.safetensors"), new byte[1000]);
        WeightsArchive.pack(source, directory.resolve("first"));
        Files.write(source.resolve("model.safetensors"), new byte[1000]);
        WeightsArchive.pack(source, directory.resolve("second"));

        assertThat(directory.resolve("first")).hasSameBinaryContentAs(directory.resolve("second"));
    }
}
