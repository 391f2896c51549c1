package io.goodhart.domain.model;

import java.util.Locale;
import java.util.Optional;

/** How the rows of a data file are written. */
public enum DataFormat {
    /** One JSON object per line. */
    JSON_LINES,
    /** RFC 4180: commas, a header, values with line ends in quotes. */
    CSV,
    /** As {@link #CSV}, with tabs. */
    TSV,
    /** A text per line, in the field {@code text}; blank lines are no rows. */
    TEXT,
    /** Apache Parquet. */
    PARQUET;

    /** The name used outside: {@code json_lines}. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the end of a file's name says, if it says anything. */
    public static Optional<DataFormat> ofName(String file) {
        return Optional.ofNullable(
                switch (file.substring(file.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT)) {
                    case "jsonl", "ndjson" -> JSON_LINES;
                    case "csv" -> CSV;
                    case "tsv" -> TSV;
                    case "txt", "text" -> TEXT;
                    case "parquet" -> PARQUET;
                    default -> null;
                });
    }
}
