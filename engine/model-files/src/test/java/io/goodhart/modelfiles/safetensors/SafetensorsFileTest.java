package io.goodhart.modelfiles.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    @TempDir
    Path directory;

    @Test
    void everyTypeComesBackAsItWasWritten() throws IOException {
        Path path = directory.resolve("all.safetensors");
        ByteBuffer halves = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        halves.putShort((short) 0x3C00).putShort((short) 0xC100).flip(); // 1 and -2.5 in float16
        ByteBuffer brains = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
        brains.putShort((short) 0x3F80).putShort((short) 0xC020).flip(); // 1 and -2.5 in bfloat16
        new SafetensorsWriter()
                .metadata("format", "pt")
                .add("f32", new float[] {1, -2.5f, 3, 4, 5, 6}, 2, 3)
                .add("f64", new double[] {Math.PI}, 1)
                .add("i64", new long[] {Long.MIN_VALUE, 7}, 2)
                .add("i32", TensorInfo.of(StoredType.I32, 1), ByteBuffer.wrap(new byte[] {-2, -1, -1, -1}))
                .add("f16", TensorInfo.of(StoredType.F16, 2), halves)
                .add("bf16", TensorInfo.of(StoredType.BF16, 2), brains)
                .add("u8", TensorInfo.of(StoredType.U8, 2), ByteBuffer.wrap(new byte[] {-1, 3}))
                .add("bool", TensorInfo.of(StoredType.BOOL, 2), ByteBuffer.wrap(new byte[] {0, 1}))
                .add("scalar", new float[] {9})
                .add("empty", new float[0], 0, 4)
                .writeTo(path);
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.metadata()).containsEntry("format", "pt");
            assertThat(file.info("f32")).isEqualTo(TensorInfo.of(StoredType.F32, 2, 3));
            assertThat(file.floats("f32")).containsExactly(1, -2.5f, 3, 4, 5, 6);
            assertThat(file.doubles("f64")).containsExactly(Math.PI);
            assertThat(file.longs("i64")).containsExactly(Long.MIN_VALUE, 7);
            assertThat(file.longs("i32")).containsExactly(-2);
            assertThat(file.floats("f16")).containsExactly(1, -2.5f);
            assertThat(file.floats("bf16")).containsExactly(1, -2.5f);
            assertThat(file.longs("u8")).containsExactly(255, 3);
            assertThat(file.longs("bool")).containsExactly(0, 1);
            assertThat(file.floats("scalar")).containsExactly(9);
            assertThat(file.floats("empty")).isEmpty();
        }
    }

    @Test
    void bytesDoNotDependOnTheOrderOfTheCalls() throws IOException {
        Path one = directory.resolve("one");
        Path other = directory.resolve("other");
        new SafetensorsWriter()
                .add("a", new float[] {1}, 1)
                .add("b", new long[] {2}, 1)
                .writeTo(one);
        new SafetensorsWriter()
                .add("b", new long[] {2}, 1)
                .add("a", new float[] {1}, 1)
                .writeTo(other);
        assertThat(Files.readAllBytes(one)).isEqualTo(Files.readAllBytes(other));
    }

    @Test
    void pointerOfGitLfsIsRefusedWithWhatBringsTheFile() throws IOException {
        Path pointer = Files.writeString(
                directory.resolve("model.safetensors"), "version https://git-lfs.github.com/spec/v1\nsize 12345\n");
        assertThatThrownBy(() -> SafetensorsFile.open(pointer)).hasMessageContaining("git lfs pull");
    }

    @Test
    void writingLeavesNothingBesideTheFile() throws IOException {
        new SafetensorsWriter().add("a", new float[] {1}, 1).writeTo(directory.resolve("a"));
        new SafetensorsWriter().add("a", new float[] {2}, 1).writeTo(directory.resolve("a"));
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(directory.resolve("a"));
        }
    }

    @Test
    void tensorsBeyondTwoGibibytesAreReached() throws IOException {
        Path path = directory.resolve("sparse.safetensors");
        long big = (1L << 31) + 8;
        String header = "{\"big\":{\"dtype\":\"U8\",\"shape\":[%d],\"data_offsets\":[0,%d]},".formatted(big, big)
                + "\"last\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[%d,%d]}}".formatted(big, big + 4);
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile out = new RandomAccessFile(path.toFile(), "rw")) {
            out.write(ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(text.length)
                    .array());
            out.write(text);
            out.seek(8 + text.length + big);
            out.write(new byte[] {0, 0, (byte) 0x80, 0x3F});
        }
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            assertThat(file.info("big").bytes()).isEqualTo(big);
            assertThat(file.floats("last")).containsExactly(1f);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}} | 4 | tensor x spans bytes 0 to 4",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[2,6]}} | 6 | tensor y overlaps",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | 8 | tensor x leaves a gap",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | 4 | is truncated",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | 5 | has 1 bytes after",
                "{\"x\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]}} | 1 | tensor x has the type \"F8_E4M3\"",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}} | 4 | tensor x needs whole numbers",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4],\"data_offsets\":[0,4]}} | 4 | impossible shape",
                "{\"x\":{\"dtype\":\"F32\"}} | 4 | tensor x needs dtype",
                "{\"x\":1,\"x\":2} | 0 | not valid JSON",
                "[1] | 0 | not a JSON object",
                "{nonsense | 0 | not valid JSON",
            })
    void damagedHeadersAreRefusedByName(String header, int dataBytes, String fault) throws IOException {
        Path path = directory.resolve("damaged.safetensors");
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(path, bytes.putLong(text.length).put(text).array());
        assertThatThrownBy(() -> SafetensorsFile.open(path))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("damaged.safetensors")
                .hasMessageContaining(fault);
    }

    @Test
    void headerLengthBeyondTheFileIsRefused() throws IOException {
        Path path = directory.resolve("cut.safetensors");
        Files.write(path, new byte[] {100, 0, 0, 0, 0, 0, 0, 0, '{'});
        assertThatThrownBy(() -> SafetensorsFile.open(path)).hasMessageContaining("announces a header of 100 bytes");
        Files.write(path, new byte[3]);
        assertThatThrownBy(() -> SafetensorsFile.open(path)).hasMessageContaining("too short");
    }

    @Test
    void shardsAreReadThroughTheIndexAndDisagreementsAreNamed() throws IOException {
        new SafetensorsWriter().add("a", new float[] {1}, 1).writeTo(directory.resolve("one.safetensors"));
        new SafetensorsWriter().add("b", new float[] {2}, 1).writeTo(directory.resolve("two.safetensors"));
        Path index = directory.resolve(SafetensorsFile.INDEX);
        Files.writeString(index, "{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"}}");
        try (SafetensorsFile file = SafetensorsFile.open(directory)) {
            assertThat(file.floats("b")).containsExactly(2);
        }
        Files.writeString(index, "{\"weight_map\":{\"a\":\"one.safetensors\",\"c\":\"two.safetensors\"}}");
        assertThatThrownBy(() -> SafetensorsFile.open(directory)).hasMessageContaining("tensor c is in none");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"one.safetensors\",\"b\":\"../two.safetensors\"}}");
        assertThatThrownBy(() -> SafetensorsFile.open(directory)).hasMessageContaining("not a plain file name");
        Files.writeString(index, "{\"weight_map\":{\"a\":\"three.safetensors\"}}");
        assertThatThrownBy(() -> SafetensorsFile.open(directory)).hasMessageContaining("three.safetensors");
    }
}
