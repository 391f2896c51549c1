package io.goodhart.standalone.command;

import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Changes how urgent an experiment is. */
@Command(
        name = "priority",
        description = "Changes how urgent an experiment is that has not ended. What runs goes on.",
        mixinStandardHelpOptions = true)
public final class PriorityCommand implements Callable<Integer> {
    @Mixin
    private Connection connection = new Connection();

    @Parameters(index = "0", paramLabel = "ID", description = "The experiment's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Parameters(index = "1", paramLabel = "N", description = "From -10 to 10: the higher goes first.")
    private int priority;

    @Override
    public Integer call() {
        Display display = Display.onStandardError();
        try (Session session = connection.openToRead(display)) {
            JsonNode experiment = session.client().prioritise(id, priority);
            display.say("The priority of \"%s\" is %d"
                    .formatted(
                            experiment.path("name").asString(),
                            experiment.path("priority").asInt()));
            return 0;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }
}
