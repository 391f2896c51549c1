package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;

/** Refusals of data files. Their messages name lines and fields and never quote a text. */
final class BadData {
    private BadData() {}

    static InvalidInputException row(DataSource source, long line, String what) {
        return refused("bad_row", "Line %d of %s %s".formatted(line, source.name(), what));
    }

    static InvalidInputException notFound(DataSource source) {
        return refused("dataset_not_found", "There is no data file " + source.name());
    }

    static InvalidInputException encoding(DataSource source, String what) {
        return refused("wrong_encoding", source.name() + " " + what);
    }

    static InvalidInputException file(DataSource source, String what) {
        return refused("bad_file", source.name() + " " + what);
    }

    static InvalidInputException file(DataSource source, String what, Exception cause) {
        InvalidInputException refused = file(source, what);
        refused.initCause(cause);
        return refused;
    }

    private static InvalidInputException refused(String code, String message) {
        return new InvalidInputException(new Problem(code, null, message));
    }
}
