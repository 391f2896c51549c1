package io.goodhart.standalone.command;

import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Submits a specification. */
@Command(name = "run", description = "Submits an experiment.", mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Parameters(paramLabel = "FILE", description = "The specification, in YAML.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(names = "--watch", description = "Follow the experiment and write its report.")
    private boolean watch;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of the report. Default: reports/ID under the data.")
    @Nullable
    private Path out;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description =
                    "A server that runs. Default: the one on port 8321, or else one of this process; then --watch is implied.")
    @Nullable
    private URI server;

    @Override
    public Integer call() {
        Display display = Display.onStandardError();
        String yaml = read(file);
        try (Session session = Session.open(server, options.settings(0), display)) {
            JsonNode experiment = session.client().submit(yaml);
            String id = experiment.path("id").asString();
            Submitted.announce(experiment, display);
            PrintWriter output = spec.commandLine().getOut();
            if (!watch && !session.isOwn()) {
                output.println(id);
                return 0;
            }
            Path directory =
                    out == null ? options.settings(0).data().resolve("reports").resolve(id) : out;
            Submitted.follow(session, id, directory.toAbsolutePath(), display, output);
            return 0;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new CommandFailedException(2, "Cannot read " + file + ": " + e.getMessage());
        }
    }
}
