package io.goodhart.standalone.command;

import io.goodhart.domain.state.Priority;
import io.goodhart.standalone.client.GoodhartClient;
import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.CharacterCodingException;
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
    private Connection connection = new Connection();

    @Parameters(paramLabel = "FILE", description = "The specification, in YAML.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
            names = "--priority",
            paramLabel = "N",
            description = "How urgent it is, from -10 to 10: the higher goes first. Default: 0.")
    private int priority = Priority.NORMAL.value();

    @Option(
            names = "--watch",
            description = "Follow the experiment and write its report. Implied where the server is of this process.")
    private boolean watch;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory of the report. Default: reports/ID under the data.")
    @Nullable
    private Path out;

    @Override
    public Integer call() {
        Display display = Display.onStandardError();
        String yaml = read(file);
        try (Session session = connection.open(display)) {
            JsonNode experiment =
                    display.await(GoodhartClient.READING, () -> session.client().submit(yaml, priority));
            String id = experiment.path("id").asString();
            Submitted.announce(experiment, display);
            PrintWriter output = spec.commandLine().getOut();
            if (!watch && !session.isOwn()) {
                output.println(id);
                return 0;
            }
            Submitted.follow(session, id, connection.reportDirectory(id, out), display, output);
            return 0;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new CommandFailedException(2, "Cannot read " + file + ": it is not UTF-8");
        } catch (IOException e) {
            throw new CommandFailedException(2, "Cannot read " + file + ": " + e.getMessage());
        }
    }
}
