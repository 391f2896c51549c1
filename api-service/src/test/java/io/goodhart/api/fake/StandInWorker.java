package io.goodhart.api.fake;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.MetricPoint;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.WorkerId;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.Provenance;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Rules;
import io.goodhart.storage.ArtifactStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Works the queue without computing anything: every task succeeds at once with outputs of the right names. */
public final class StandInWorker {
    private static final Duration LEASE = Duration.ofMinutes(1);

    private final WorkerId id = WorkerId.random();
    private final TaskQueue queue;
    private final ArtifactStore store;

    public StandInWorker(TaskQueue queue, ArtifactStore store) {
        this.queue = queue;
        this.store = store;
    }

    public void workUntilNothingIsLeft() throws IOException {
        Optional<ClaimedTask> next = claim();
        while (next.isPresent()) {
            ClaimedTask task = next.get();
            if (task.spec() instanceof TaskSpec.Train) {
                queue.metrics(task.ref(), List.of(new MetricPoint(1, "loss", 0.7), new MetricPoint(1, "grad_norm", 1)));
            }
            Map<String, Output> outputs = new LinkedHashMap<>();
            for (String name : names(task.spec())) {
                outputs.put(name, output(task, name));
            }
            queue.succeed(task.ref(), outputs, List.of());
            next = claim();
        }
    }

    private Optional<ClaimedTask> claim() {
        return queue.claim(id, TaskSpec.kinds().keySet(), LEASE);
    }

    private static List<String> names(TaskSpec spec) {
        return switch (spec) {
            case TaskSpec.Generate ignored -> List.of("responses", "activations");
            case TaskSpec.Score ignored -> List.of("scores");
            case TaskSpec.FitProbes ignored -> List.of("probes", "sweep");
            case TaskSpec.BuildPairs ignored -> List.of("pairs", "summary");
            case TaskSpec.ReadTexts ignored -> List.of("responses", "scores", "activations");
            case TaskSpec.ReadPairs ignored -> List.of("pairs", "summary");
            case TaskSpec.LogProbs ignored -> List.of("log_probs");
            case TaskSpec.Train train ->
                IntStream.concat(IntStream.of(0), IntStream.range(1, train.points()))
                        .mapToObj(point -> point == 0 ? "summary" : "weights." + point)
                        .toList();
            case TaskSpec.Evaluate evaluate ->
                Stream.concat(Stream.of("evaluation", "responses", "details"), points(evaluate))
                        .toList();
            case TaskSpec.Report ignored -> List.of("report");
        };
    }

    private static Stream<String> points(TaskSpec.Evaluate evaluate) {
        TaskSpec.Selection selection = evaluate.selection();
        return selection == null ? Stream.empty() : selection.points().stream().map(point -> "point." + point);
    }

    private Output output(ClaimedTask task, String name) throws IOException {
        String content = task.spec() instanceof TaskSpec.Report report
                ? GoodhartJson.write(report(report))
                : "{\"task\": \"%s\", \"output\": \"%s\"}".formatted(task.key().sha256(), name);
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        ArtifactId artifact = store.put(new ByteArrayInputStream(bytes));
        return new Output(artifact, bytes.length, "application/json");
    }

    private static Report report(TaskSpec.Report task) {
        return new Report(
                Report.CURRENT_VERSION,
                task.title(),
                task.behaviour(),
                task.threshold(),
                task.seeds(),
                Provenance.UNKNOWN,
                new Rules(0.95, 0.05, 1.1, 30, List.of("Nothing was measured.")),
                null,
                null,
                List.of(),
                List.of(),
                null,
                null);
    }
}
