package io.goodhart.standalone.model;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.lm.parity.ParityReport;
import io.goodhart.lm.parity.ParityRow;
import io.goodhart.standalone.model.ModelCheck.Loaded;
import io.goodhart.standalone.model.ModelCheck.Refused;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A check for programs. */
final class CheckJson {
    private CheckJson() {}

    /**
     * What is written.
     *
     * @param status {@code ok}, {@code outside} or {@code refused}
     * @param model what is known of it, if it was loaded
     * @param parity how far it is from the reference, if there is one
     * @param problems what is wrong with it; empty if it was loaded
     */
    record Document(
            String status,
            @Nullable ModelFacts model,
            @Nullable Table parity,
            List<Problem> problems) {}

    /** The table. A difference that is no number is written as a text. */
    record Table(
            String family, boolean within, @Nullable Double noiseFloor, List<ParityRow> rows, List<String> unread) {
        static Table of(ParityReport report) {
            Double noise = report.noiseFloor().isPresent() ? report.noiseFloor().getAsDouble() : null;
            return new Table(report.family(), report.within(), noise, report.rows(), report.unread());
        }
    }

    static String text(ModelCheck check) {
        Document document = switch (check) {
            case Refused refused -> new Document("refused", null, null, refused.problems());
            case Loaded loaded ->
                new Document(
                        loaded.exitStatus() == 0 ? "ok" : "outside",
                        loaded.model(),
                        loaded.parity().map(Table::of).orElse(null),
                        List.of());
        };
        return GoodhartJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(document);
    }
}
