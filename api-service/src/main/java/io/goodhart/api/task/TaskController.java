package io.goodhart.api.task;

import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.TaskView;
import io.goodhart.domain.NotFoundException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.UUID;
import java.util.regex.Pattern;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/v1/tasks/{id}")
@Tag(name = "tasks", description = "Steps of runs")
class TaskController {
    private static final Pattern ID = Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    private final Experiments experiments;
    private final TaskLogs logs;

    TaskController(Experiments experiments, TaskLogs logs) {
        this.experiments = experiments;
        this.logs = logs;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "getTask", summary = "One task")
    TaskView get(@PathVariable String id) {
        return experiments.task(parse(id));
    }

    @GetMapping(path = "/log", produces = "text/plain;charset=UTF-8")
    @Operation(operationId = "getTaskLog", summary = "What the task's process logged, where its worker kept it")
    String log(@PathVariable String id) {
        UUID task = experiments.task(parse(id)).id();
        return logs.find(task)
                .orElseThrow(
                        () -> new NotFoundException("log_not_available", "No log of this task can be seen from here"));
    }

    private static UUID parse(String id) {
        if (!ID.matcher(id).matches()) {
            throw new NotFoundException("There is no task " + id);
        }
        return UUID.fromString(id);
    }
}
