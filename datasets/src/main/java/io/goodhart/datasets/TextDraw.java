package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.TextSlice;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Draws texts of a data file by their ranks. Until they are read, no text is known by more than its class. */
final class TextDraw {
    private final DataSource source;
    private final TextSlice slice;
    private final TextReading reading;
    private final BitSet positive = new BitSet(); // by rank
    private final EligibleRows rows;
    private int rank;

    /**
     * Reads the file once.
     *
     * @param isDrawable which of the texts that fit the slice's query may be drawn; asked in the file's order
     */
    TextDraw(DataSource source, TextSlice slice, Predicate<Text> isDrawable) {
        this.source = source;
        this.slice = slice;
        reading = new TextReading(source, TextQuery.of(slice));
        rows = EligibleRows.of(
                source,
                row -> reading.text(row).filter(isDrawable).map(this::count).isPresent());
        reading.requireKnownLabels();
    }

    private Text count(Text text) {
        positive.set(rank++, text.positive().orElse(false));
        return text;
    }

    List<Text> read(int[] ranks) {
        return rows.read(ranks, (_, row) -> reading.of(row));
    }

    Set<Long> fingerprints(int[] ranks) {
        return Set.copyOf(
                rows.read(ranks, (_, row) -> Words.fingerprint(reading.of(row).text())));
    }

    /**
     * The slice's ranks, in the order of its seed.
     *
     * @throws InvalidInputException if the file has too few texts, or too few of a class
     */
    int[] ranks() {
        if (rows.count() < slice.count()) {
            throw tooSmall("has %d texts that fit, %d are needed%s"
                    .formatted(
                            rows.count(),
                            slice.count(),
                            slice.excluding() == null && slice.excludingPrompts() == null
                                    ? ""
                                    : " beside those that are read elsewhere"));
        }
        int[] order = Seeds.permutation(rows.count(), slice.seed());
        return slice.balanced() ? balanced(order) : Arrays.copyOf(order, slice.count());
    }

    /** The same ranks; of balanced texts positive and negative ones alternate. */
    int[] alternatingRanks() {
        int[] ranks = ranks();
        if (!slice.balanced()) {
            return ranks;
        }
        int[] positives = Arrays.stream(ranks).filter(positive::get).toArray();
        int[] negatives = Arrays.stream(ranks).filter(one -> !positive.get(one)).toArray();
        return IntStream.range(0, positives.length)
                .flatMap(i -> IntStream.of(positives[i], negatives[i]))
                .toArray();
    }

    /** The first texts of each class, as many of one as of the other, in their order. */
    private int[] balanced(int[] order) {
        int ofEach = slice.count() / 2;
        Map<Boolean, Integer> taken = new HashMap<>();
        int[] ranks = Arrays.stream(order)
                .filter(one -> taken.merge(positive.get(one), 1, Integer::sum) <= ofEach)
                .toArray();
        if (ranks.length < slice.count()) {
            throw tooSmall("has too few texts of a class: %d of each are needed".formatted(ofEach));
        }
        return ranks;
    }

    private InvalidInputException tooSmall(String what) {
        return new InvalidInputException(new Problem("data_too_small", null, source.name() + " " + what));
    }
}
