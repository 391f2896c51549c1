package io.goodhart.benchmarks.queue;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.Submission;
import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.state.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An experiment of tasks that nobody computes and that wait for nothing.
 *
 * @param name of the experiment; makes its tasks different from those of others
 * @param count of tasks
 */
record EmptyTasks(String name, int count) {
    Submission submission() {
        ExperimentSpec spec = GoodhartJson.read(ExperimentSpec.class, """
                {"spec_version": 1, "name": "%s", "model": "m",
                 "behaviour": {"name": "b", "scorer": {"kind": "classifier", "model": "s", "label": "l"}},
                 "prompts": {"dataset": "d"}, "probes": {}, "seeds": [1], "arms": {"base": {"method": "none"}}}""".formatted(name));
        return new Submission(spec, Priority.NORMAL, null);
    }

    Plan plan() {
        List<PlannedTask> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String label = name + "-" + i;
            ModelRevision model = new ModelRevision(label, Hashes.sha256(label));
            tasks.add(PlannedTask.of(new TaskSpec.Score(new Scorer.Classifier(model, "l")), Map.of(), label));
        }
        Plan.RunRef run = new Plan.RunRef("base", 1);
        return new Plan(
                tasks,
                Map.of(run, tasks.stream().map(PlannedTask::key).toList()),
                tasks.getLast().key());
    }
}
