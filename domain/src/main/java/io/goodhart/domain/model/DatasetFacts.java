package io.goodhart.domain.model;

import java.util.List;

/**
 * What one reading of a data set found.
 *
 * @param rows number of rows
 * @param duplicateRows rows that equal an earlier one, but for white space
 * @param columns every column, in the order of the first row that has it
 * @param byteOrderMark whether the file starts with UTF-8's byte order mark, which is no part of its first name or text
 */
public record DatasetFacts(long rows, long duplicateRows, List<ColumnFacts> columns, boolean byteOrderMark) {
    public DatasetFacts {
        columns = List.copyOf(columns);
    }
}
