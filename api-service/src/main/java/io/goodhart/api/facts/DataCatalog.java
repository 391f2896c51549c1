package io.goodhart.api.facts;

import io.goodhart.api.files.FilesRoot;
import io.goodhart.datasets.DataFile;
import io.goodhart.datasets.DataSource;
import io.goodhart.datasets.Lexicon;
import io.goodhart.datasets.Prompts;
import io.goodhart.datasets.TextQuery;
import io.goodhart.datasets.Texts;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.NearMiss;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.PromptSpec;
import io.goodhart.domain.validate.PairFacts;
import io.goodhart.domain.validate.PromptFacts;
import io.goodhart.domain.validate.TextFacts;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Facts about data files below the files root, some of them as one model's tokenizer sees them. */
public final class DataCatalog {
    private static final int CAPACITY = 256;

    private final FilesRoot root;
    private final ModelCatalog models;
    private final DatasetNames names;
    private final StampedCache<String, DatasetRevision> revisions = new StampedCache<>(CAPACITY);
    private final StampedCache<PromptQuestion, PromptFacts> prompts = new StampedCache<>(CAPACITY);
    private final StampedCache<PairQuestion, PairFacts> pairs = new StampedCache<>(CAPACITY);
    private final StampedCache<TextQuestion, TextFacts> texts = new StampedCache<>(CAPACITY);

    public DataCatalog(FilesRoot root, DatasetNames names, ModelCatalog models) {
        this.root = root;
        this.names = names;
        this.models = models;
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

    /** What a model can be prompted with. */
    public PromptFacts prompts(PromptSpec spec, ModelFacts model, String field) {
        DataSource source = source(spec.dataset(), field);
        PromptQuestion question = new PromptQuestion(spec, model.revision().sha256());
        return about(
                field,
                () -> prompts.get(question, FileStamp.of(source.file()), () -> {
                    try (Tokenizer tokenizer = tokenizer(model)) {
                        PromptCount count = new PromptCount(tokenizer);
                        Prompts.forEach(source, spec, count::add);
                        return count.facts();
                    }
                }));
    }

    /** The texts of one corpus. */
    public TextFacts texts(Corpus corpus, ModelFacts model, String field) {
        DataSource source = source(corpus.dataset(), field);
        TextQuestion question = new TextQuestion(corpus, model.revision().sha256());
        return about(
                field,
                () -> texts.get(question, FileStamp.of(source.file()), () -> {
                    try (Tokenizer tokenizer = tokenizer(model)) {
                        TextCount count = new TextCount(tokenizer, model.context());
                        Texts.forEach(source, corpus.query(), count::add);
                        return count.facts();
                    }
                }));
    }

    /** Preference pairs of a data set. */
    public PairFacts pairs(PairSpec spec, ModelFacts model, String field) {
        String dataset = Objects.requireNonNull(spec.dataset());
        DataSource source = source(dataset, field);
        PairSlice slice = new PairSlice(
                revision(dataset, field), spec.prompt(), spec.chosen(), spec.rejected(), spec.where(), 0, 0, null);
        PairQuestion question = new PairQuestion(slice, model.revision().sha256());
        return about(
                field,
                () -> pairs.get(
                        question,
                        FileStamp.of(source.file()),
                        () -> PairReader.facts(source, slice, models.directory(model), model.context())));
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

    private Tokenizer tokenizer(ModelFacts model) throws IOException {
        return Tokenizer.open(models.directory(model));
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
     */
    public record Corpus(String dataset, TextQuery query) {}

    private record PromptQuestion(PromptSpec spec, String modelSha256) {}

    private record PairQuestion(PairSlice slice, String modelSha256) {}

    private record TextQuestion(Corpus corpus, String modelSha256) {}
}
