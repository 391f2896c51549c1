package io.goodhart.datasets;

import com.carrotsearch.hppc.LongHashSet;
import io.goodhart.domain.model.ColumnFacts;
import io.goodhart.domain.model.DatasetFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads a data file once, from its first row to its last one, and says what is in it. Memory: the longest row, the columns, and
 * about 16 bytes for each row by which duplicates are known.
 */
public final class Survey {
    /** Columns of one file at most; more of them are values that were taken for names. */
    private static final int MOST_COLUMNS = 1000;

    private final DataSource source;
    private final Map<String, ColumnCount> columns = new LinkedHashMap<>();
    private final LongHashSet seen = new LongHashSet();
    private long rows;

    private Survey(DataSource source) {
        this.source = source;
    }

    /** @throws io.goodhart.domain.InvalidInputException if a row cannot be read, or there is none */
    public static DatasetFacts of(DataSource source) {
        Survey survey = new Survey(source);
        Rows.read(source, survey::add);
        if (survey.rows == 0) {
            throw BadData.file(source, "has no rows");
        }
        return survey.facts();
    }

    private void add(Row row) {
        rows++;
        seen.add(Words.fingerprint(row.fields().toString()));
        Columns.leaves(row.fields(), this::count);
    }

    private void count(String name, JsonNode value) {
        columns.computeIfAbsent(name, key -> new ColumnCount(source.isUntyped()))
                .add(value);
        if (columns.size() > MOST_COLUMNS) {
            throw BadData.file(source, "has more than %d columns".formatted(MOST_COLUMNS));
        }
    }

    private DatasetFacts facts() {
        List<ColumnFacts> found = new ArrayList<>();
        columns.forEach((name, count) -> found.add(count.facts(name, rows)));
        return new DatasetFacts(rows, rows - seen.size(), found, hasByteOrderMark());
    }

    private boolean hasByteOrderMark() {
        try {
            return Utf8.hasMark(source);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + source.file(), e);
        }
    }
}
