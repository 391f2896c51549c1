package io.goodhart.api.worker;

import io.goodhart.api.web.Page;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "workers", description = "Who computes")
class WorkerController {
    private final LiveWorkers workers;

    WorkerController(LiveWorkers workers) {
        this.workers = workers;
    }

    @GetMapping(path = "/v1/workers", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "listWorkers", summary = "Workers that are alive, by name")
    Page<Worker> list() {
        return Page.whole(workers.all().stream().map(Worker::of).toList());
    }
}
