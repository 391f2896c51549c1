package io.goodhart.standalone.command;

import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import java.io.PrintWriter;
import java.net.URI;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    private ServerOptions options = new ServerOptions();

    @Parameters(index = "0", paramLabel = "A", description = "The first experiment's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String first;

    @Parameters(index = "1", paramLabel = "B", description = "The second experiment's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String second;

    @Option(names = "--server", paramLabel = "URL", description = "A server that runs. Default: the one on port 8321.")
    @Nullable
    private URI server;

    @Override
    public Integer call() {
        Display display = Display.onStandardError();
        try (Session session = Session.open(server, options.settings(0).withoutWorkers(), display)) {
            PrintWriter output = spec.commandLine().getOut();
            output.println(session.client().compare(first, second));
            output.flush();
            return 0;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }
}
