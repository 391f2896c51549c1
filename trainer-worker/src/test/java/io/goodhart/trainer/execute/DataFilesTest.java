package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.datasets.DataFile;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesTest {
    @TempDir
    Path directory;

    private final DataFiles files = new DataFiles();
    private Path file;
    private DatasetRevision revision;
    private TaskContext context;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(directory.resolve("texts.txt"), "one\n");
        revision = DataFile.revision(directory, "texts.txt");
        context = new TaskFiles(directory).context(new TaskSpec.LogProbs(TaskFiles.MODEL));
    }

    @Test
    void fileThatChangesBetweenTwoTasksOfOneProcessIsRefused() throws IOException {
        assertThat(files.file(context, revision)).isEqualTo(file);
        Files.writeString(file, "one\ntwo\n");
        refused("Data file texts.txt has changed: expected sha256 " + revision.sha256());
    }

    @Test
    void fileThatIsGoneIsABadFile() throws IOException {
        assertThat(files.file(context, revision)).isEqualTo(file);
        Files.delete(file);
        refused("Data file texts.txt is gone or cannot be read");
    }

    private void refused(String message) {
        assertThatThrownBy(() -> files.file(context, revision))
                .isInstanceOfSatisfying(
                        TaskFailedException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.BAD_FILE))
                .hasMessageContaining(message);
    }
}
