package io.goodhart.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.model.ArtifactId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DirectoryArtifactStoreTest extends ArtifactStoreContract {
    @Override
    ArtifactStore open(Path directory) throws IOException {
        return new DirectoryArtifactStore(directory.resolve("store"));
    }

    @Test
    void damagedBytesAreRefusedHoweverTheyAreRead() throws IOException {
        ArtifactId id = put("0123456789");
        overwrite(id, "0123456780");
        assertThatThrownBy(() -> store().file(id)).isInstanceOf(DamagedArtifactException.class);
        try (InputStream in = store().read(id)) {
            assertThatThrownBy(in::readAllBytes).isInstanceOf(DamagedArtifactException.class);
        }
        try (InputStream in = store().read(id)) {
            in.skipNBytes(9);
            assertThat(in.read()).isEqualTo('0');
            assertThatThrownBy(in::read).isInstanceOf(DamagedArtifactException.class);
        }
    }

    @Test
    void truncatedFileIsRefusedEvenAfterItWasOnceVerified() throws IOException {
        ArtifactId id = put("0123456789");
        assertThat(store().file(id)).hasContent("0123456789");
        overwrite(id, "0123");
        assertThatThrownBy(() -> store().file(id)).isInstanceOf(DamagedArtifactException.class);
    }

    @Test
    void puttingTheBytesAgainHealsThem() throws IOException {
        ArtifactId id = put("0123456789");
        overwrite(id, "broken");
        put("0123456789");
        assertThat(store().file(id)).hasContent("0123456789");
    }

    @Test
    void fileLeftByAKilledWriterIsNoArtifactAndIsCollected() throws IOException {
        DirectoryArtifactStore store = (DirectoryArtifactStore) store();
        Path torn = Files.writeString(directory.resolve("store/tmp/left"), "half");
        Files.setLastModifiedTime(torn, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        assertThat(store.orphans(Set.of(), Instant.parse("2100-01-01T00:00:00Z")))
                .isEmpty();
        store.deleteTornWrites(Instant.parse("2019-01-01T00:00:00Z"));
        assertThat(torn).exists();
        store.deleteTornWrites(Instant.parse("2021-01-01T00:00:00Z"));
        assertThat(torn).doesNotExist();
    }

    @Test
    void nothingTemporaryIsLeftBehind() throws IOException {
        put("text");
        try (Stream<Path> files = Files.list(directory.resolve("store/tmp"))) {
            assertThat(files).isEmpty();
        }
    }

    private void overwrite(ArtifactId id, String text) throws IOException {
        Path file = directory
                .resolve("store/sha256")
                .resolve(id.sha256().substring(0, 2))
                .resolve(id.sha256());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(file, text);
    }
}
