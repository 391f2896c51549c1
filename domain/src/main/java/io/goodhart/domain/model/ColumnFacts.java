package io.goodhart.domain.model;

import java.util.List;

/**
 * What is known of one column of a data set.
 *
 * @param name its name; dots lead into objects
 * @param types kinds of its values; of CSV, whose values are texts, {@code number} if every value is one
 * @param missing rows without a value
 * @param empty rows whose text is blank
 */
public record ColumnFacts(String name, List<Type> types, long missing, long empty) {
    public ColumnFacts {
        types = List.copyOf(types);
    }

    /** Kind of a value. */
    public enum Type {
        TEXT,
        NUMBER,
        BOOLEAN,
        LIST,
        OBJECT,
        BYTES
    }
}
