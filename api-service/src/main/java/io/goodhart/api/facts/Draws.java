package io.goodhart.api.facts;

import io.goodhart.datasets.DataSource;
import io.goodhart.datasets.Preference;
import io.goodhart.datasets.Preferences;
import io.goodhart.datasets.Prompt;
import io.goodhart.datasets.Prompts;
import io.goodhart.datasets.Text;
import io.goodhart.datasets.Texts;
import io.goodhart.datasets.Words;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.modelfiles.tokenize.Tokenizer.Specials;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws rows of data files as workers will, and reads them as a model's tokenizer does. Only what is drawn is tokenised; what was drawn
 * is remembered for as long as its file stays as it is. Rows that cannot be drawn are an {@code InvalidInputException}.
 */
final class Draws {
    private static final int CAPACITY = 64;

    private final DataCatalog data;
    private final ModelCatalog models;
    private final StampedCache<Question, Drawn> drawn = new StampedCache<>(CAPACITY);

    Draws(DataCatalog data, ModelCatalog models) {
        this.data = data;
        this.models = models;
    }

    /** Prompts are known by what they are without their template. */
    Drawn prompts(PromptSlice slice, ModelFacts model) {
        return drawn(slice, slice.dataset(), model, (source, tokenizer) -> {
            Lengths lengths = new Lengths(model.context());
            List<Long> fingerprints = new ArrayList<>();
            for (Prompt prompt : Prompts.read(source, slice.bare())) {
                fingerprints.add(Words.fingerprint(prompt.text()));
                lengths.add(tokens(slice.template().replace("{text}", prompt.text()), tokenizer), 0);
            }
            return lengths.of(fingerprints);
        });
    }

    Drawn texts(TextSlice slice, ModelFacts model) {
        return drawn(
                slice,
                slice.dataset(),
                model,
                (source, tokenizer) -> texts(Texts.read(source, slice), model, tokenizer));
    }

    Drawn texts(TextPart part, ModelFacts model) {
        return drawn(
                part,
                part.texts().dataset(),
                model,
                (source, tokenizer) -> texts(Texts.read(source, part), model, tokenizer));
    }

    /** Pairs are known by what is said last in their prompts. */
    Drawn pairs(PairSlice slice, ModelFacts model) {
        return drawn(slice, slice.dataset(), model, (source, tokenizer) -> {
            PairReader reader = PairReader.open(models.directory(model), tokenizer);
            Lengths lengths = new Lengths(model.context());
            List<Long> fingerprints = new ArrayList<>();
            for (Preference pair : Preferences.read(source, slice)) {
                fingerprints.add(Preferences.fingerprint(pair));
                PairReader.Length length = reader.length(pair);
                lengths.add(length.prompt(), length.completion());
            }
            return lengths.of(fingerprints);
        });
    }

    private static Drawn texts(List<Text> texts, ModelFacts model, Tokenizer tokenizer) {
        Lengths lengths = new Lengths(model.context());
        texts.forEach(text -> lengths.add(tokens(text.text(), tokenizer), 0));
        return lengths.of(
                texts.stream().map(text -> Words.fingerprint(text.text())).toList());
    }

    private static int tokens(String text, Tokenizer tokenizer) {
        return tokenizer.encode(text, Specials.ADDED).length;
    }

    private Drawn drawn(Object slice, DatasetRevision dataset, ModelFacts model, Reading reading) {
        DataSource source = data.source(dataset);
        return drawn.get(new Question(slice, model.revision().sha256()), FileStamp.of(source.file()), () -> {
            try (Tokenizer tokenizer = Tokenizer.open(models.directory(model))) {
                return reading.read(source, tokenizer);
            }
        });
    }

    @FunctionalInterface
    private interface Reading {
        Drawn read(DataSource source, Tokenizer tokenizer) throws IOException;
    }

    /** Which rows, and who reads them. */
    private record Question(Object slice, String modelSha256) {}

    /** Keeps account of lengths in tokens. */
    private static final class Lengths {
        private final int context;
        private int longest;
        private int longestWhole;
        private int tooLong;

        Lengths(int context) {
            this.context = context;
        }

        void add(int text, int completion) {
            longest = Math.max(longest, text);
            longestWhole = Math.max(longestWhole, text + completion);
            tooLong += text + completion > context ? 1 : 0;
        }

        Drawn of(List<Long> fingerprints) {
            return new Drawn(fingerprints, longest, longestWhole, tooLong);
        }
    }
}
