package io.goodhart.datasets;

import com.carrotsearch.hppc.LongHashSet;
import io.goodhart.domain.plan.TextPart;
import io.goodhart.domain.plan.TextSlice;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Texts of a data file. Memory: the texts that are wanted, and a few bytes for each row of the file; where texts have to be distinct,
 * about 16 bytes for each of them.
 */
public final class Texts {
    private Texts() {}

    /** Every text that passes the filter, in the file's order; empty texts are left out, and none is kept. */
    public static void forEach(DataSource source, TextQuery query, Consumer<Text> consumer) {
        TextReading reading = new TextReading(source, query);
        Rows.read(source, row -> reading.text(row).ifPresent(consumer));
        reading.requireKnownLabels();
    }

    /** The same, but of texts that are equal but for white space the file's first one, as the parts of distinct ones are drawn. */
    public static void forEachDistinct(DataSource source, TextQuery query, Consumer<Text> consumer) {
        LongHashSet seen = new LongHashSet();
        forEach(source, query, text -> {
            if (seen.add(Words.fingerprint(text.text()))) {
                consumer.accept(text);
            }
        });
    }

    /**
     * The texts of a slice.
     *
     * @throws io.goodhart.domain.InvalidInputException if the file has fewer
     */
    public static List<Text> read(DataSource source, TextSlice slice) {
        TextDraw draw = draw(source, slice);
        return draw.read(draw.ranks());
    }

    /** What the texts of a slice are known by. */
    static Set<Long> fingerprints(DataSource source, TextSlice slice) {
        TextDraw draw = draw(source, slice);
        return draw.fingerprints(draw.ranks());
    }

    /**
     * The texts of a part of the distinct ones; of texts that are equal but for white space the file's first one, with its label.
     *
     * @throws io.goodhart.domain.InvalidInputException if the file has too few
     */
    public static List<Text> read(DataSource source, TextPart part) {
        TextDraw draw = drawDistinct(source, part.texts());
        return draw.read(ranks(draw, part));
    }

    private static int[] ranks(TextDraw draw, TextPart part) {
        int[] ranks = draw.alternatingRanks();
        return Arrays.copyOfRange(ranks, part.from(), ranks.length);
    }

    private static TextDraw draw(DataSource source, TextSlice slice) {
        Set<Long> excluded = excluded(source, slice);
        return new TextDraw(
                source, slice, text -> excluded.isEmpty() || !excluded.contains(Words.fingerprint(text.text())));
    }

    private static TextDraw drawDistinct(DataSource source, TextSlice slice) {
        LongHashSet seen = new LongHashSet();
        excluded(source, slice).forEach(seen::add);
        return new TextDraw(source, slice, text -> seen.add(Words.fingerprint(text.text())));
    }

    private static Set<Long> excluded(DataSource source, TextSlice slice) {
        Set<Long> excluded = new HashSet<>();
        if (slice.excluding() != null) {
            excluded.addAll(fingerprints(source, slice.excluding()));
        }
        if (slice.excludingPrompts() != null) {
            excluded.addAll(Prompts.fingerprints(source, slice.excludingPrompts()));
        }
        return excluded;
    }
}
