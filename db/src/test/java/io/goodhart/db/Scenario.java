package io.goodhart.db;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.Submission;
import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.db.queue.WorkerId;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.spec.TrainingSettings;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.state.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.test.context.TestComponent;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Small plans, and the moves that every test makes. */
@TestComponent
public final class Scenario {
    public static final Duration LEASE = Duration.ofMinutes(5);
    public static final String OUT = "scores";

    private final Experiments experiments;
    private final TaskQueue queue;
    private final JdbcClient jdbc;

    Scenario(Experiments experiments, TaskQueue queue, JdbcClient jdbc) {
        this.experiments = experiments;
        this.queue = queue;
        this.jdbc = jdbc;
    }

    /** A specification that differs from others by its name only. */
    public static ExperimentSpec spec(String name, ExperimentSpec.Reuse reuse) {
        String json = """
                {"spec_version": 1, "name": "%s", "model": "m",
                 "behaviour": {"name": "b", "scorer": {"kind": "classifier", "model": "s", "label": "l"}},
                 "prompts": {"dataset": "d"}, "probes": {}, "seeds": [1], "reuse": "%s",
                 "arms": {"zeta": {"method": "none"}, "alpha": {"method": "sft"}},
                 "metadata": {"name": "%s"}}""";
        return GoodhartJson.read(
                ExperimentSpec.class, json.formatted(name, reuse.name().toLowerCase(Locale.ROOT), name));
    }

    /** Removes what earlier tests of the class have left. */
    public void clear() {
        jdbc.sql("truncate experiment, task, artifact, worker cascade").update();
    }

    public ExperimentId submit(Graph graph) {
        return submit(graph, ExperimentSpec.Reuse.ALWAYS);
    }

    public ExperimentId submit(Graph graph, ExperimentSpec.Reuse reuse) {
        return submit(graph, reuse, Priority.NORMAL);
    }

    public ExperimentId submit(Graph graph, Priority priority) {
        return submit(graph, ExperimentSpec.Reuse.ALWAYS, priority);
    }

    private ExperimentId submit(Graph graph, ExperimentSpec.Reuse reuse, Priority priority) {
        return experiments.submit(new Submission(spec(graph.name, reuse), priority, null), graph.plan(), List.of());
    }

    /** Claims the next task for a new worker. */
    public ClaimedTask claim() {
        return tryClaim().orElseThrow(() -> new AssertionError("There is nothing to claim"));
    }

    public Optional<ClaimedTask> tryClaim() {
        return queue.claim(WorkerId.random(), TaskSpec.kinds().keySet(), LEASE);
    }

    /** Ends the task with the one output that others read. */
    public void succeed(ClaimedTask task) {
        queue.succeed(task.ref(), Map.of(OUT, output("result of " + task.label())), List.of());
    }

    public static Output output(String content) {
        return new Output(new ArtifactId(Hashes.sha256(content)), content.length(), "application/json");
    }

    /** As if the worker had been silent for longer than its lease. */
    public void letLeaseEnd(UUID task) {
        jdbc.sql("update task set visible_at = now() - interval '1 second' where id = :id")
                .param("id", task)
                .update();
    }

    /** A graph of tasks that compute nothing; tasks of the same name are the same task. */
    public static final class Graph {
        private final String name;
        private final Map<String, PlannedTask> tasks = new LinkedHashMap<>();
        private final Map<Plan.RunRef, List<TaskKey>> runs = new LinkedHashMap<>();

        public Graph(String name) {
            this.name = name;
        }

        /** Adds a task that reads others' output. */
        public Graph task(String task, String... inputs) {
            Map<String, OutputRef> references = new HashMap<>();
            for (String input : inputs) {
                references.put("scores." + input, planned(input).output(OUT));
            }
            ModelRevision model = new ModelRevision(task, Hashes.sha256(task));
            return task(task, new TaskSpec.Score(new Scorer.Classifier(model, "l")), references);
        }

        /** Adds a training. */
        public Graph training(String task, String input) {
            ModelRevision model = new ModelRevision(task, Hashes.sha256(task));
            TrainingSettings settings = TrainingSettings.of(TrainingSpec.EMPTY);
            return task(
                    task,
                    new TaskSpec.Train(
                            model, new Objective.Dpo(PairLossSettings.of(TrainingSpec.EMPTY)), settings, 2, 1, null),
                    Map.of("pairs", planned(input).output(OUT)));
        }

        /** Adds a sampling of responses to prompts of a data set. */
        public Graph generate(String task, DatasetRevision dataset) {
            ModelRevision model = new ModelRevision(task, Hashes.sha256(task));
            PromptSlice prompts = new PromptSlice(dataset, "text", null, null, "{text}", 0, 0, 10);
            return task(task, new TaskSpec.Generate(model, prompts, 1, ResponseSpec.DEFAULTS, 0, null), Map.of());
        }

        /** Adds the report on others' output. */
        public Graph report(String... inputs) {
            Map<String, OutputRef> references = new HashMap<>();
            for (String input : inputs) {
                references.put("details." + input, planned(input).output(OUT));
            }
            return task(
                    "report",
                    new TaskSpec.Report(name, "b", 0.5, Map.of(), List.of(1L), null, null, null, null),
                    references);
        }

        private Graph task(String task, TaskSpec spec, Map<String, OutputRef> references) {
            tasks.put(task, PlannedTask.of(spec, references, task));
            return this;
        }

        /** Adds a run of these tasks. */
        public Graph run(String arm, long seed, String... members) {
            List<TaskKey> keys = new ArrayList<>();
            for (String member : members) {
                keys.add(planned(member).key());
            }
            runs.put(new Plan.RunRef(arm, seed), keys);
            return this;
        }

        /** The last task answers the experiment. */
        public Plan plan() {
            List<PlannedTask> all = List.copyOf(tasks.values());
            return new Plan(all, runs, all.getLast().key());
        }

        private PlannedTask planned(String task) {
            PlannedTask planned = tasks.get(task);
            if (planned == null) {
                throw new IllegalArgumentException("There is no task " + task);
            }
            return planned;
        }
    }
}
