package io.goodhart.standalone.command;

import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Tells what a specification would compute, and what is wrong with it. */
@Command(
        name = "validate",
        description = "Checks a specification and tells what it would cost. Queues nothing.",
        mixinStandardHelpOptions = true)
public final class ValidateCommand implements Callable<Integer> {
    private static final int WRONG = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Mixin
    private ServerOptions options = new ServerOptions();

    @Parameters(paramLabel = "FILE", description = "The specification, in YAML.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "A server that runs. Default: the one on port 8321, or else one of this process.")
    @Nullable
    private URI server;

    @Override
    public Integer call() {
        String yaml = RunCommand.read(file);
        try (Session session = Session.open(server, options.settings(0), Display.onStandardError())) {
            JsonNode answer = session.client().validate(yaml);
            PrintWriter output = spec.commandLine().getOut();
            write(answer, output);
            output.flush();
            return answer.path("valid").asBoolean() ? 0 : WRONG;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }

    private static void write(JsonNode answer, PrintWriter output) {
        for (JsonNode problem : answer.path("problems")) {
            output.println("Wrong: " + line(problem));
        }
        for (JsonNode warning : answer.path("warnings")) {
            output.println("Warning: " + line(warning));
        }
        if (answer.path("valid").asBoolean()) {
            writePlan(answer.path("plan"), output);
        }
    }

    private static String line(JsonNode problem) {
        String message = problem.path("message").asString();
        return problem.hasNonNull("field") ? problem.path("field").asString() + ": " + message : message;
    }

    private static void writePlan(JsonNode plan, PrintWriter output) {
        JsonNode cost = plan.path("cost");
        output.printf(
                Locale.ROOT,
                "%d runs, %d tasks, %d of them computed before%n",
                plan.path("runs").asInt(),
                plan.path("tasks").asInt(),
                cost.path("reused_tasks").asInt());
        cost.path("tokens_by_kind")
                .properties()
                .forEach(kind -> output.printf(
                        Locale.ROOT,
                        "  %-12s at most %,d tokens%n",
                        kind.getKey(),
                        kind.getValue().asLong()));
        for (JsonNode training : cost.path("trainings")) {
            output.printf(
                    Locale.ROOT,
                    "  %s: at most %d steps%n",
                    training.path("task").asString(),
                    training.path("steps").asInt());
        }
        output.printf(
                Locale.ROOT,
                "Memory of a worker beside its Java heap: %,d MiB%n",
                plan.path("memory_bytes").asLong() >> 20);
        writePrecision(plan.path("precision"), output);
        output.printf(
                "Time: %s. %s%n",
                cost.hasNonNull("eta_seconds")
                        ? minutes(cost.path("eta_seconds").asDouble())
                        : "unknown",
                cost.path("eta_basis").asString());
    }

    private static void writePrecision(JsonNode precision, PrintWriter output) {
        for (JsonNode at : precision.path("at")) {
            output.printf(
                    Locale.ROOT,
                    "Found with 80 %% power at a base rate of %.2f: a rate that changes by %.3f%s%n",
                    at.path("base_rate").asDouble(),
                    at.path("rate").asDouble(),
                    at.hasNonNull("auroc")
                            ? String.format(
                                    Locale.ROOT,
                                    ", an AUC by %.3f",
                                    at.path("auroc").asDouble())
                            : "");
        }
    }

    private static String minutes(double seconds) {
        return seconds < 90
                ? String.format(Locale.ROOT, "%.0f s", seconds)
                : String.format(Locale.ROOT, "%.0f min", seconds / 60);
    }
}
