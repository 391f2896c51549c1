package io.goodhart.standalone.command;

import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the report of an experiment that has ended. */
@Command(
        name = "report",
        description = "Writes report.html, report.json, report.md, report.csv and report.tex, and shows the table.",
        mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private Connection connection = new Connection();

    @Parameters(paramLabel = "ID", description = "The experiment's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of the report. Default: reports/ID under the data.")
    @Nullable
    private Path out;

    @Override
    public Integer call() {
        try (Session session = connection.openToRead(Display.onStandardError())) {
            Path directory = connection.reportDirectory(id, out);
            Answer.write(session.client(), id, directory);
            PrintWriter output = spec.commandLine().getOut();
            output.println(Answer.table(directory));
            output.println(directory);
            output.flush();
            return 0;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }
}
