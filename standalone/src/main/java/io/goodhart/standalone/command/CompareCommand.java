package io.goodhart.standalone.command;

import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts the reports of two experiments side by side. */
@Command(
        name = "compare",
        description = "Shows how the reports of two experiments differ, and their specifications.",
        mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private Connection connection = new Connection();

    @Parameters(index = "0", paramLabel = "A", description = "The first experiment's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String first;

    @Parameters(index = "1", paramLabel = "B", description = "The second experiment's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String second;

    @Override
    public Integer call() {
        try (Session session = connection.openToRead(Display.onStandardError())) {
            PrintWriter output = spec.commandLine().getOut();
            output.println(session.client().compare(first, second));
            output.flush();
            return 0;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }
}
