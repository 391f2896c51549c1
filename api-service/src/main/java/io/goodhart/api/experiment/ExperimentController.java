package io.goodhart.api.experiment;

import io.goodhart.api.probe.Probe;
import io.goodhart.api.run.Run;
import io.goodhart.api.web.Page;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.ListQuery;
import io.goodhart.db.experiment.TaskView;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.Priority;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = ExperimentPaths.ROOT, produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "experiments", description = "A question about one model: arms × seeds, and all that is held fixed")
class ExperimentController {
    static final String YAML = "application/yaml";
    private static final String MERGE_PATCH = "application/merge-patch+json"; // RFC 7396

    private final Experiments experiments;
    private final ExperimentReader reader;
    private final Submissions submissions;

    ExperimentController(Experiments experiments, ExperimentReader reader, Submissions submissions) {
        this.experiments = experiments;
        this.reader = reader;
        this.submissions = submissions;
    }

    @PostMapping(consumes = {MediaType.APPLICATION_JSON_VALUE, YAML})
    @Operation(
            operationId = "submitExperiment",
            summary = "Queue an experiment",
            description =
                    "Once this is answered with 202 the experiment is durable. Nothing is queued if anything is wrong."
                            + " Tasks of a higher priority go first, and of one priority those of the experiment that was"
                            + " submitted first. A key that was used with another specification or priority is refused.")
    @ApiResponse(responseCode = "202", description = "Queued")
    @SpecificationBody
    ResponseEntity<Experiment> submit(
            InputStream body,
            @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type,
            @RequestParam(defaultValue = "0") @Min(Priority.MIN) @Max(Priority.MAX) int priority,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String idempotencyKey)
            throws IOException {
        ExperimentId id = submissions.submit(body, type, new Priority(priority), idempotencyKey);
        return ResponseEntity.accepted()
                .location(URI.create(ExperimentPaths.self(id)))
                .body(reader.read(id));
    }

    @PostMapping(
            path = "/validate",
            consumes = {MediaType.APPLICATION_JSON_VALUE, YAML})
    @Operation(
            operationId = "validateExperiment",
            summary = "What submitting a specification would do",
            description = "Names every problem, or tells what would be computed. Nothing is queued.")
    @SpecificationBody
    PlanSummary validate(
            InputStream body, @Parameter(hidden = true) @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType type)
            throws IOException {
        return submissions.validate(body, type);
    }

    @GetMapping
    @Operation(
            operationId = "listExperiments",
            summary = "Experiments, newest first",
            description = "metadata[key]=value keeps those with that label; may be repeated.")
    Page<ExperimentItem> list(
            @RequestParam(defaultValue = "20") @Min(1) @Max(ListQuery.MAX_LIMIT) int limit,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable ExperimentState state,
            @Parameter(hidden = true) @RequestParam Map<String, String> all) {
        ListQuery query = new ListQuery(limit, after == null ? null : ExperimentId.parse(after), state, metadata(all));
        return Page.of(experiments.list(query), ExperimentItem::of);
    }

    private static Map<String, String> metadata(Map<String, String> parameters) {
        Map<String, String> labels = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            if (name.startsWith("metadata[") && name.endsWith("]")) {
                labels.put(name.substring("metadata[".length(), name.length() - 1), value);
            }
        });
        return labels;
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getExperiment", summary = "One experiment with its runs and how far it is")
    Experiment get(@PathVariable String id) {
        return reader.read(ExperimentId.parse(id));
    }

    @PatchMapping(path = "/{id}", consumes = MERGE_PATCH)
    @Operation(
            operationId = "changeExperiment",
            summary = "Change how urgent an experiment is",
            description =
                    "A priority from -10 to 10. What runs goes on; refused once the experiment has ended or is being cancelled.")
    Experiment change(@PathVariable String id, @RequestBody ChangeExperiment change) {
        ExperimentId experiment = ExperimentId.parse(id);
        experiments.prioritise(experiment, new Priority(change.priority()));
        return reader.read(experiment);
    }

    @PostMapping("/{id}/cancel")
    @Operation(
            operationId = "cancelExperiment",
            summary = "Ask an experiment to stop",
            description = "Tasks that wait end at once, running ones at their next step. Asking again changes nothing.")
    Experiment cancel(@PathVariable String id) {
        ExperimentId experiment = ExperimentId.parse(id);
        experiments.cancel(experiment);
        return reader.read(experiment);
    }

    @GetMapping("/{id}/runs")
    @Operation(operationId = "listExperimentRuns", summary = "Runs, by arm, then by seed")
    Page<Run> runs(@PathVariable String id) {
        return Page.whole(
                experiments.runs(ExperimentId.parse(id)).stream().map(Run::of).toList());
    }

    @GetMapping("/{id}/tasks")
    @Operation(operationId = "listExperimentTasks", summary = "Every task, inputs first")
    Page<TaskView> tasks(@PathVariable String id) {
        return Page.whole(experiments.tasks(ExperimentId.parse(id)));
    }

    @GetMapping("/{id}/probes")
    @Operation(operationId = "listExperimentProbes", summary = "Probes that the experiment fitted")
    Page<Probe> probes(@PathVariable String id) {
        return Page.whole(experiments.probes(ExperimentId.parse(id)).stream()
                .map(Probe::of)
                .toList());
    }
}
