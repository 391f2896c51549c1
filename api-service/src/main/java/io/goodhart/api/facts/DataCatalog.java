package io.goodhart.api.facts;

import io.goodhart.api.files.FilesRoot;
import io.goodhart.datasets.DataFile;
import io.goodhart.datasets.DataSource;
import io.goodhart.datasets.Lexicon;
import io.goodhart.datasets.Preferences;
import io.goodhart.datasets.Prompts;
import io.goodhart.datasets.TextQuery;
import io.goodhart.datasets.Texts;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.NearMiss;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.PromptSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Data files below the files root, and how much is in them. */
public final class DataCatalog {
    private static final int CAPACITY = 256;

    private final FilesRoot root;
    private final DatasetNames names;
    private final StampedCache<String, DatasetRevision> revisions = new StampedCache<>(CAPACITY);
    private final StampedCache<PromptSpec, Integer> prompts = new StampedCache<>(CAPACITY);
    private final StampedCache<PairSlice, Integer> pairs = new StampedCache<>(CAPACITY);
    private final StampedCache<Corpus, TextCount.Counted> texts = new StampedCache<>(CAPACITY);

    public DataCatalog(FilesRoot root, DatasetNames names) {
        this.root = root;
        this.names = names;
    }

    /**
     * Which exact file a registered data set's name or id, or a path, stands for.
     *
     * @param field what problems name
     */
    public DatasetRevision revision(String dataset, String field) {
        return names.find(dataset).map(DatasetNames.Named::revision).orElseGet(() -> ofFile(dataset, field));
    }

    private DatasetRevision ofFile(String path, @Nullable String field) {
        Path file = file(path, field);
        return about(field, () -> revisions.get(path, FileStamp.of(file), () -> DataFile.revision(root.path(), path)));
    }

    /** The file that a plan has pinned. */
    DataSource source(DatasetRevision dataset) {
        return source(dataset.path(), null);
    }

    private DataSource source(String dataset, @Nullable String field) {
        return names.find(dataset)
                .map(named -> DataSource.of(named.file(), named.revision()))
                .orElseGet(() -> DataSource.of(file(dataset, field), ofFile(dataset, field)));
    }

    /**
     * Which exact file a list of terms is: a registered text, or a path.
     *
     * @throws InvalidInputException if it has no terms or is no text
     */
    public DatasetRevision lexicon(String dataset, String field) {
        DatasetRevision revision = revision(dataset, field);
        return about(field, () -> {
            if (revision.registered() != null && revision.registered() != DataFormat.TEXT) {
                throw new InvalidInputException(new Problem(
                        "wrong_format",
                        field,
                        "A list of terms is a text with one of them a line, and %s is registered as %s"
                                .formatted(
                                        revision.path(), revision.registered().wireName())));
            }
            Lexicon.read(source(dataset, field).file(), 1);
            return revision;
        });
    }

    /** How many distinct prompts a model can be given. */
    int prompts(PromptSpec spec, String field) {
        DataSource source = source(spec.dataset(), field);
        return about(
                field,
                () -> prompts.get(spec, FileStamp.of(source.file()), () -> {
                    AtomicInteger count = new AtomicInteger();
                    Prompts.forEach(source, spec, _ -> count.incrementAndGet());
                    return count.get();
                }));
    }

    /** How many texts one corpus has. */
    TextCount.Counted texts(Corpus corpus, String field) {
        DataSource source = source(corpus.dataset(), field);
        return about(
                field,
                () -> texts.get(corpus, FileStamp.of(source.file()), () -> {
                    TextCount count = new TextCount();
                    if (corpus.distinct()) {
                        Texts.forEachDistinct(source, corpus.query(), count::add);
                    } else {
                        Texts.forEach(source, corpus.query(), count::add);
                    }
                    return count.counted();
                }));
    }

    /** How many preference pairs a data set has. */
    int pairs(PairSpec spec, String field) {
        String dataset = Objects.requireNonNull(spec.dataset());
        DataSource source = source(dataset, field);
        PairSlice slice = new PairSlice(
                revision(dataset, field), spec.prompt(), spec.chosen(), spec.rejected(), spec.where(), 0, 0, null);
        return about(
                field,
                () -> pairs.get(slice, FileStamp.of(source.file()), () -> {
                    AtomicInteger count = new AtomicInteger();
                    Preferences.forEach(source, slice, _ -> count.incrementAndGet());
                    return count.get();
                }));
    }

    private Path file(String path, @Nullable String field) {
        Path file = root.resolve(path, field);
        if (!Files.isRegularFile(file)) {
            throw new InvalidInputException(new Problem("dataset_not_found", field, notFound(path)));
        }
        return file;
    }

    private String notFound(String dataset) {
        return "There is no data file and no registered data set %s%s"
                .formatted(
                        dataset,
                        NearMiss.of(dataset, names.names())
                                .map(", did you mean %s?"::formatted)
                                .orElse(""));
    }

    private static <T> T about(@Nullable String field, Supplier<T> question) {
        try {
            return question.get();
        } catch (InvalidInputException e) {
            throw About.field(field, e);
        }
    }

    /**
     * Texts of a data file.
     *
     * @param dataset path relative to the files root
     * @param distinct whether equal ones count once, with the label of the first
     */
    public record Corpus(String dataset, TextQuery query, boolean distinct) {}
}
