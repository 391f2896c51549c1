package io.goodhart.api.run;

import io.goodhart.api.web.Page;
import io.goodhart.db.experiment.CheckpointView;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.MetricValue;
import io.goodhart.db.experiment.RunId;
import io.goodhart.db.experiment.TaskView;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/v1/runs/{id}", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "runs", description = "One arm with one seed")
class RunController {
    private final Experiments experiments;

    RunController(Experiments experiments) {
        this.experiments = experiments;
    }

    @GetMapping
    @Operation(operationId = "getRun", summary = "One run")
    Run get(@PathVariable String id) {
        return Run.of(experiments.run(RunId.parse(id)));
    }

    @GetMapping("/tasks")
    @Operation(operationId = "listRunTasks", summary = "Every task whose results belong to the run, inputs first")
    Page<TaskView> tasks(@PathVariable String id) {
        return Page.whole(experiments.tasks(RunId.parse(id)));
    }

    @GetMapping("/metrics")
    @Operation(
            operationId = "listRunMetrics",
            summary = "Points of the run's series, by name, task and step",
            description = "Names are TRL's, such as rewards/chosen. Without a name every series is listed.")
    Page<MetricValue> metrics(@PathVariable String id, @RequestParam(defaultValue = "") List<String> name) {
        return Page.whole(experiments.metrics(RunId.parse(id), name));
    }

    @GetMapping("/checkpoints")
    @Operation(operationId = "listRunCheckpoints", summary = "Checkpoints of the run's training, by step")
    Page<CheckpointView> checkpoints(@PathVariable String id) {
        return Page.whole(experiments.checkpoints(RunId.parse(id)));
    }
}
