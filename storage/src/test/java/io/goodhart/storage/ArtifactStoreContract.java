package io.goodhart.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.ArtifactId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every artifact store keeps to. */
abstract class ArtifactStoreContract {
    private static final ArtifactId ABSENT = new ArtifactId("00".repeat(32));

    @TempDir
    Path directory;

    private ArtifactStore store;

    /** Opens the same store again and again. */
    abstract ArtifactStore open(Path directory) throws IOException;

    @BeforeEach
    void openStore() throws IOException {
        store = open(directory);
    }

    @Test
    void idIsTheHashOfTheBytes() throws IOException {
        assertThat(put("some text")).isEqualTo(new ArtifactId(Hashes.sha256("some text")));
    }

    @Test
    void whatWasPutIsReadBackByThisAndTheNextProcess() throws IOException {
        byte[] bytes = new byte[3_000_001];
        new Random(5).nextBytes(bytes);
        ArtifactId id = store.put(new ByteArrayInputStream(bytes));
        ArtifactStore reopened = open(directory);
        try (InputStream in = reopened.read(id)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(reopened.file(id)).hasBinaryContent(bytes);
        assertThat(reopened.size(id)).isEqualTo(bytes.length);
    }

    @Test
    void emptyArtifactIsAnArtifact() throws IOException {
        ArtifactId id = put("");
        assertThat(store.contains(id)).isTrue();
        assertThat(store.size(id)).isZero();
        assertThat(store.file(id)).isEmptyFile();
    }

    @Test
    void aCopyOfTheFileIsKept() throws IOException {
        Path file = Files.writeString(directory.resolve("mine"), "first");
        ArtifactId id = store.put(file);
        Files.writeString(file, "second");
        assertThat(store.file(id)).hasContent("first");
    }

    @Test
    void sameBytesAreOneArtifact() throws IOException {
        assertThat(put("same")).isEqualTo(put("same"));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(store.contains(ABSENT)).isFalse();
        assertNotFound(() -> store.file(ABSENT));
        assertNotFound(() -> store.read(ABSENT));
        assertNotFound(() -> store.size(ABSENT));
    }

    private static void assertNotFound(Callable<?> call) {
        NotFoundException refusal = catchThrowableOfType(NotFoundException.class, call::call);
        assertThat(refusal.code()).isEqualTo("artifact_not_found");
    }

    @Test
    void writeThatBreaksOffLeavesNothingToSee() {
        InputStream torn = new InputStream() {
            private int left = 100_000;

            @Override
            public int read() throws IOException {
                left--;
                if (left < 0) {
                    throw new IOException("the line broke");
                }
                return 'x';
            }
        };
        assertThatThrownBy(() -> store.put(torn))
                .isInstanceOf(IOException.class)
                .hasMessage("the line broke");
        assertThat(store.contains(new ArtifactId(Hashes.sha256("x".repeat(100_000)))))
                .isFalse();
    }

    @Test
    void manyWritersOfTheSameAndOtherBytesDoNotDisturbEachOther() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<ArtifactId>> puts = new ArrayList<>();
            for (int i = 0; i < 64; i++) {
                String text = "x".repeat(50_000) + i % 8;
                puts.add(threads.submit(() -> put(text)));
            }
            for (int i = 0; i < puts.size(); i++) {
                ArtifactId id = puts.get(i).get();
                assertThat(store.file(id)).hasContent("x".repeat(50_000) + i % 8);
            }
        }
    }

    @Test
    void orphansAreOldAndNamedByNobody() throws IOException {
        ArtifactId kept = put("kept");
        ArtifactId orphan = put("orphan");
        Instant later = Instant.parse("2100-01-01T00:00:00Z");
        Instant earlier = Instant.parse("2000-01-01T00:00:00Z");
        assertThat(store.orphans(Set.of(kept), later)).containsExactly(orphan);
        assertThat(store.orphans(Set.of(kept), earlier)).isEmpty();
    }

    @Test
    void deletedIsGoneAndMayComeBack() throws IOException {
        ArtifactId id = put("text");
        assertThat(store.file(id)).hasContent("text");
        store.delete(id);
        store.delete(id);
        assertThat(store.contains(id)).isFalse();
        assertNotFound(() -> store.file(id));
        assertThat(put("text")).isEqualTo(id);
        assertThat(store.file(id)).hasContent("text");
    }

    final ArtifactId put(String text) throws IOException {
        return store.put(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    final ArtifactStore store() {
        return store;
    }
}
