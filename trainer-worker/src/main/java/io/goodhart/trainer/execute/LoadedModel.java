package io.goodhart.trainer.execute;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.modelfiles.config.SpecialTokens;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A base model with its tokenizer, both open.
 *
 * @param directory where its files lie
 */
record LoadedModel(ModelRevision revision, Path directory, DecoderModel decoder, Tokenizer tokenizer)
        implements AutoCloseable {
    /** Token ids of a prompt, {@code <bos>} included if the tokenizer puts one. */
    int[] promptIds(String text) {
        int[] ids = tokenizer.encode(text, Tokenizer.Specials.ADDED);
        return ids.length == 0 ? withBeginning(ids) : ids;
    }

    /** Token ids of a whole text from {@code <bos>} to {@code <eos>}, cut at its end to fit so many tokens. */
    int[] textIds(String text, int longest) {
        int[] ids = withEnd(withBeginning(tokenizer.encode(text, Tokenizer.Specials.ADDED)));
        return ids.length > longest ? Arrays.copyOf(ids, longest) : ids;
    }

    /** Token ids of a response as text, without special tokens. */
    int[] responseIds(String text) {
        return tokenizer.encode(text, Tokenizer.Specials.LEFT_OUT);
    }

    /** Token ids of a completion as text, with {@code <eos>} behind it. */
    int[] completionIds(String text) {
        return withEnd(responseIds(text));
    }

    private int[] withEnd(int[] ids) {
        List<Integer> ends = specials().ends();
        if (ends.isEmpty()) {
            return ids;
        }
        int[] longer = Arrays.copyOf(ids, ids.length + 1);
        longer[ids.length] = ends.getFirst();
        return longer;
    }

    /** What is known of it. */
    ModelFacts facts() {
        return ModelDirectory.facts(decoder.config(), decoder.table(), revision);
    }

    /** Longest sequence in tokens. */
    int context() {
        return decoder.config().context();
    }

    private int[] withBeginning(int[] ids) {
        int beginning = specials().beginning().orElse(-1);
        if (beginning < 0 || (ids.length > 0 && ids[0] == beginning)) {
            return ids;
        }
        int[] longer = new int[ids.length + 1];
        longer[0] = beginning;
        System.arraycopy(ids, 0, longer, 1, ids.length);
        return longer;
    }

    private SpecialTokens specials() {
        return decoder.config().specialTokens();
    }

    @Override
    public void close() {
        decoder.close();
        tokenizer.close();
    }
}
