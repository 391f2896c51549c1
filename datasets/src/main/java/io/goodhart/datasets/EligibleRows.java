package io.goodhart.datasets;

import com.carrotsearch.hppc.IntIntHashMap;
import com.carrotsearch.hppc.IntObjectHashMap;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Eligible rows of a data file, known by their ranks: 0 is the first one in the file's order. Nothing that is in them is kept: it is a
 * bit for each row of the file, and rows that are wanted are read anew.
 */
final class EligibleRows {
    private final DataSource source;
    private final BitSet positions = new BitSet();
    private int position;

    private EligibleRows(DataSource source) {
        this.source = source;
    }

    /** Reads the file once. Rows are asked for in its order. */
    static EligibleRows of(DataSource source, Predicate<Row> isEligible) {
        EligibleRows rows = new EligibleRows(source);
        Rows.read(source, row -> {
            rows.positions.set(rows.position, isEligible.test(row));
            rows.position = Math.incrementExact(rows.position);
        });
        return rows;
    }

    int count() {
        return positions.cardinality();
    }

    /** What a chosen row says, which is the {@code place}th one. */
    @FunctionalInterface
    interface Reading<T> {
        T of(int place, Row row);
    }

    /**
     * What the rows of some ranks, each named once, say, in the order of the ranks. The file is read up to the last one of them.
     *
     * @throws io.goodhart.domain.InvalidInputException if the file has fewer rows than before
     */
    <T> List<T> read(int[] ranks, Reading<T> reading) {
        Selection<T> selection = new Selection<>(ranks, reading);
        if (ranks.length > 0) {
            Rows.readWhile(source, selection);
        }
        return selection.inOrder();
    }

    /** Picks rows out of all as they come. */
    private final class Selection<T> implements Predicate<Row> {
        private final IntIntHashMap places = new IntIntHashMap(); // by rank
        private final IntObjectHashMap<T> found = new IntObjectHashMap<>(); // by place
        private final Reading<T> reading;
        private int next;
        private int rank;

        Selection(int[] ranks, Reading<T> reading) {
            this.reading = reading;
            for (int place = 0; place < ranks.length; place++) {
                places.put(ranks[place], place);
            }
        }

        @Override
        public boolean test(Row row) {
            if (positions.get(next++)) {
                int place = places.getOrDefault(rank++, -1);
                if (place >= 0) {
                    found.put(place, reading.of(place, row));
                }
            }
            return found.size() < places.size();
        }

        List<T> inOrder() {
            if (found.size() < places.size()) {
                throw BadData.file(source, "has changed while it was read");
            }
            return IntStream.range(0, places.size()).mapToObj(found::get).toList();
        }
    }
}
