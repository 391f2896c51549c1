package io.goodhart.trainer.execute;

import io.goodhart.datasets.DataFile;
import io.goodhart.datasets.DataSource;
import io.goodhart.datasets.Preference;
import io.goodhart.datasets.Preferences;
import io.goodhart.datasets.Prompt;
import io.goodhart.datasets.Prompts;
import io.goodhart.datasets.Text;
import io.goodhart.datasets.Texts;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Data files, each held to the hash that the task names when it is first read and whenever it was written since. */
final class DataFiles {
    private final Map<DatasetRevision, Stamp> checked = new HashMap<>();

    List<Prompt> prompts(TaskContext context, PromptSlice slice) {
        return Prompts.read(source(context, slice.dataset()), slice);
    }

    List<Text> texts(TaskContext context, TextSlice slice) {
        return Texts.read(source(context, slice.dataset()), slice);
    }

    List<Text> texts(TaskContext context, TextPart part) {
        return Texts.read(source(context, part.texts().dataset()), part);
    }

    List<Preference> pairs(TaskContext context, PairSlice slice) {
        return Preferences.read(source(context, slice.dataset()), slice);
    }

    private DataSource source(TaskContext context, DatasetRevision revision) {
        return DataSource.of(file(context, revision), revision);
    }

    /** The file itself, checked. */
    Path file(TaskContext context, DatasetRevision revision) {
        return revision.registered() == null
                ? below(context.filesRoot(), revision)
                : context.dataset(revision.sha256());
    }

    private Path below(Path root, DatasetRevision revision) {
        Path file = root.resolve(revision.path());
        Stamp stamp = stamp(file, revision);
        if (!stamp.equals(checked.get(revision))) {
            DatasetRevision found = DataFile.revision(root, revision.path());
            if (!found.equals(revision)) {
                throw TaskFailedException.badFile("Data file %s has changed: expected sha256 %s, found %s"
                        .formatted(revision.path(), revision.sha256(), found.sha256()));
            }
            checked.put(revision, stamp);
        }
        return file;
    }

    private static Stamp stamp(Path file, DatasetRevision revision) {
        try {
            return new Stamp(Files.size(file), Files.getLastModifiedTime(file));
        } catch (IOException e) {
            throw new TaskFailedException(
                    FailureCode.BAD_FILE, "Data file %s is gone or cannot be read".formatted(revision.path()), e);
        }
    }

    /** What a file had when it was hashed. */
    private record Stamp(long bytes, FileTime modified) {}
}
