package io.goodhart.standalone.command;

import io.goodhart.standalone.client.GoodhartClient;
import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.terminal.Display;
import io.goodhart.standalone.terminal.Progress;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Follows an experiment until it ends. */
final class Watch {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Set<String> ENDED = Set.of("succeeded", "failed", "cancelled");

    private final GoodhartClient client;
    private final Display display;
    private final long start = System.nanoTime();

    Watch(GoodhartClient client, Display display) {
        this.client = client;
        this.display = display;
    }

    /** How an experiment ended. */
    record End(String state, Optional<String> failure, boolean hasReport) {
        boolean succeeded() {
            return state.equals("succeeded");
        }

        String inWords() {
            return "The experiment " + (state.equals("cancelled") ? "was cancelled" : state)
                    + failure.map(": "::concat).orElse("");
        }
    }

    /** Shows progress until the experiment ends. */
    End untilEnd(String id) {
        JsonNode experiment = patiently(id);
        while (!ENDED.contains(experiment.path("state").asString())) {
            display.show(progress(experiment));
            pause();
            experiment = patiently(id);
        }
        display.show(progress(experiment));
        return end(experiment);
    }

    static End end(JsonNode experiment) {
        JsonNode failure = experiment.path("failure");
        return new End(
                experiment.path("state").asString(),
                failure.isObject()
                        ? Optional.of("%s (%s)"
                                .formatted(
                                        failure.path("detail").asString(),
                                        failure.path("code").asString()))
                        : Optional.empty(),
                experiment.path("report").isString());
    }

    /** A server that is busy or restarts may stay away for a while. */
    private JsonNode patiently(String id) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return client.experiment(id);
            } catch (UncheckedIOException | RefusedException e) {
                boolean passing = !(e instanceof RefusedException refused) || refused.status() >= 500;
                if (!passing || System.nanoTime() > deadline) {
                    throw e;
                }
                pause();
            }
        }
    }

    private Progress progress(JsonNode experiment) {
        JsonNode progress = experiment.path("progress");
        List<String> doing = new ArrayList<>();
        double begun = 0;
        for (JsonNode task : progress.path("running")) {
            doing.add(task.path("label").asString());
            begun += share(task.path("progress"));
        }
        int total = progress.path("total").asInt();
        int done = progress.path("done").asInt();
        JsonNode eta = progress.path("eta_seconds");
        return new Progress(
                done,
                total,
                total == 0 ? 0 : Math.min(1, (done + begun) / total),
                Duration.ofNanos(System.nanoTime() - start),
                eta.isNumber() ? Optional.of(Duration.ofSeconds(Math.round(eta.asDouble()))) : Optional.empty(),
                doing);
    }

    private static double share(JsonNode progress) {
        double steps = progress.path("total_steps").asDouble(0);
        return steps > 0 ? Math.min(1, progress.path("step").asDouble(0) / steps) : 0;
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailedException(1, "Interrupted");
        }
    }
}
