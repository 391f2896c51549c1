package io.goodhart.standalone.command;

import io.goodhart.domain.state.Priority;
import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.server.ServerSettings;
import io.goodhart.standalone.terminal.Display;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Runs the bundled experiment from beginning to end. */
@Command(
        name = "demo",
        description = "Runs the bundled experiment on the bundled small model and shows its report.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(
            names = "--quick",
            description = "Every step in a minute or two, with too few prompts to conclude anything.")
    private boolean quick;

    @Override
    public Integer call() {
        Display display = Display.onStandardError();
        ServerSettings settings = options.settings(0);
        Path file = settings.files().resolve("experiments").resolve(quick ? "demo-quick.yaml" : "demo.yaml");
        String yaml = RunCommand.read(file);
        display.say("The bundled models and texts come from toxicity research; nothing of them is shown here.");
        try (Session session = Session.join(settings, display)) {
            JsonNode experiment = session.client().submit(yaml, Priority.NORMAL.value());
            String id = experiment.path("id").asString();
            Submitted.announce(experiment, display);
            Path directory = settings.data().resolve("reports").resolve(id);
            Submitted.follow(session, id, directory, display, spec.commandLine().getOut());
            return 0;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }
}
