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
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Data files, each checked once against the hash that the task names. */
final class DataFiles {
    private final Set<DatasetRevision> checked = new HashSet<>();

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
        if (!checked.contains(revision)) {
            DatasetRevision found = DataFile.revision(root, revision.path());
            if (!found.equals(revision)) {
                throw TaskFailedException.badFile("Data file %s has changed: expected sha256 %s, found %s"
                        .formatted(revision.path(), revision.sha256(), found.sha256()));
            }
            checked.add(revision);
        }
        return root.resolve(revision.path());
    }
}
