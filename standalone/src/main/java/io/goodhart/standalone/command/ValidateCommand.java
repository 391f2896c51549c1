package io.goodhart.standalone.command;

import io.goodhart.standalone.client.GoodhartClient;
import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
    private Connection connection = new Connection();

    @Parameters(paramLabel = "FILE", description = "The specification, in YAML.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() {
        String yaml = RunCommand.read(file);
        Display display = Display.onStandardError();
        try (Session session = connection.open(display)) {
            JsonNode answer =
                    display.await(GoodhartClient.READING, () -> session.client().validate(yaml));
            PrintWriter output = spec.commandLine().getOut();
            write(answer, output);
            output.flush();
            return answer.path("valid").asBoolean() ? 0 : WRONG;
        } catch (RefusedException e) {
            throw Session.refused(e);
        }
    }

    /** Prints the answer of a validation. */
    static void write(JsonNode answer, PrintWriter output) {
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
        writeTrainings(cost.path("trainings"), output);
        output.printf(
                Locale.ROOT,
                "Memory of a worker beside its Java heap: %,d MiB%n",
                plan.path("memory_bytes").asLong() >> 20);
        writePrecision(plan.path("precision"), output);
        output.printf("Time: %s. %s%n", time(cost), cost.path("eta_basis").asString());
    }

    /** Equal trainings are one line, with the arms that have them; those that were computed before are only counted. */
    private static void writeTrainings(JsonNode trainings, PrintWriter output) {
        Map<Long, List<JsonNode>> bySteps = trainings
                .valueStream()
                .filter(training -> !training.path("reused").asBoolean())
                .collect(Collectors.groupingBy(
                        training -> training.path("steps").asLong(), LinkedHashMap::new, Collectors.toList()));
        bySteps.forEach((steps, equal) -> output.printf(
                Locale.ROOT,
                "  %d x train %s: at most %,d steps%n",
                equal.size(),
                equal.stream()
                        .map(training -> training.path("arm").asString())
                        .distinct()
                        .collect(Collectors.joining(", ")),
                steps));
        long reused = trainings
                .valueStream()
                .filter(training -> training.path("reused").asBoolean())
                .count();
        if (reused > 0) {
            output.printf(Locale.ROOT, "  %d trainings computed before%n", reused);
        }
    }

    private static String time(JsonNode cost) {
        if (cost.hasNonNull("eta_seconds")) {
            return minutes(cost.path("eta_seconds").asDouble());
        }
        double measured = cost.path("measured_seconds").asDouble(0);
        return measured > 0 ? "more than " + minutes(measured) : "unknown";
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
