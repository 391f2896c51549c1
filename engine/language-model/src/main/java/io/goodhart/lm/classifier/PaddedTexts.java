package io.goodhart.lm.classifier;

import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.ClassifierConfig.Counting;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Texts padded behind to one length T, as an encoder reads them. */
final class PaddedTexts {
    private final int rows;
    private final int length;
    private final long[] ids;
    private final long[] positions;
    private final long[] types;
    private final boolean[] real;

    private PaddedTexts(List<TypedTokens> texts, ClassifierConfig config) {
        this.rows = texts.size();
        this.length = texts.stream().mapToInt(TypedTokens::length).max().orElse(0);
        this.ids = new long[rows * length];
        this.positions = new long[rows * length];
        this.types = new long[rows * length];
        this.real = new boolean[rows * length];
        Arrays.fill(ids, config.paddingId());
        for (int row = 0; row < rows; row++) {
            TypedTokens text = texts.get(row);
            int counted = 0;
            for (int i = 0; i < text.length(); i++) {
                int at = row * length + i;
                ids[at] = text.id(i);
                types[at] = text.type(i);
                real[at] = true;
                boolean countable =
                        config.embedding().counting() == Counting.FROM_ZERO || text.id(i) != config.paddingId();
                positions[at] = position(config, countable, counted);
                counted += countable ? 1 : 0;
            }
        }
    }

    private static int position(ClassifierConfig config, boolean countable, int counted) {
        return switch (config.embedding().counting()) {
            case FROM_ZERO -> counted;
            case BEHIND_PADDING_ID -> countable ? config.paddingId() + 1 + counted : config.paddingId();
        };
    }

    static PaddedTexts of(List<TypedTokens> texts, ClassifierConfig config) {
        return new PaddedTexts(texts, config);
    }

    /** Token ids, INT64. */
    Tensor idsBT() {
        return Tensors.of(ids, rows, length);
    }

    /** Rows of the position embedding, INT64. */
    Tensor positionsBT() {
        return Tensors.of(positions, rows, length);
    }

    /** Rows of the token-type embedding, INT64. */
    Tensor typesBT() {
        return Tensors.of(types, rows, length);
    }

    /** Which tokens are there; null if all are. */
    @Nullable
    Tensor maskB11T() {
        boolean padded = false;
        for (boolean there : real) {
            padded |= !there;
        }
        return padded ? Tensors.of(real, rows, 1, 1, length) : null;
    }
}
