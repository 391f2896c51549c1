package io.goodhart.standalone.command;

import io.goodhart.api.report.ReportRenderer;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.report.Report;
import io.goodhart.standalone.client.GoodhartClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes an experiment's report to a directory. */
final class Answer {
    private static final List<String> FORMS = List.of("json", "html", "md", "csv", "tex");

    private Answer() {}

    /** Writes report.json, report.html, report.md, report.csv and report.tex. */
    static void write(GoodhartClient client, String id, Path directory) {
        try {
            Files.createDirectories(directory);
            for (String form : FORMS) {
                Files.writeString(directory.resolve("report." + form), client.report(id, form));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write the report to " + directory, e);
        }
    }

    /** The report as a table for a terminal. */
    static String table(Path directory) {
        try {
            String json = Files.readString(directory.resolve("report.json"));
            return ReportRenderer.terminal(GoodhartJson.mapper().readValue(json, Report.class));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the report in " + directory, e);
        }
    }
}
