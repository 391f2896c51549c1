package io.goodhart.standalone.command;

import io.goodhart.standalone.terminal.Display;
import java.io.PrintWriter;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** What happens to an experiment once it is accepted. */
final class Submitted {
    private Submitted() {}

    /** Says what was accepted, and every warning. */
    static void announce(JsonNode experiment, Display display) {
        JsonNode progress = experiment.path("progress");
        int done = progress.path("done").asInt();
        display.say("Accepted \"%s\" as %s: %d tasks%s"
                .formatted(
                        experiment.path("name").asString(),
                        experiment.path("id").asString(),
                        progress.path("total").asInt(),
                        done == 0 ? "" : ", %d of them computed before".formatted(done)));
        for (JsonNode warning : experiment.path("warnings")) {
            display.say("Warning: %s (%s)"
                    .formatted(
                            warning.path("message").asString(),
                            warning.path("field").asString()));
        }
    }

    /**
     * Follows it, writes its report, prints the table and, as the last line, the report's directory. One that failed may have a
     * report too: on the runs that did not.
     *
     * @throws CommandFailedException if it did not succeed
     */
    static void follow(Session session, String id, Path directory, Display display, PrintWriter output) {
        Watch.End end = new Watch(session.client(), display).untilEnd(id);
        if (end.hasReport()) {
            Answer.write(session.client(), id, directory);
            display.say("");
            output.println(Answer.table(directory));
            output.println(directory);
            output.flush();
        }
        if (!end.succeeded()) {
            throw new CommandFailedException(1, end.inWords());
        }
    }
}
