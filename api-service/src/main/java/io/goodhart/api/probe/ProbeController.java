package io.goodhart.api.probe;

import io.goodhart.api.web.Page;
import io.goodhart.db.experiment.ProbeId;
import io.goodhart.db.experiment.Probes;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = "/v1/probes", produces = MediaType.APPLICATION_JSON_VALUE)
@Tag(name = "probes", description = "Fitted probes")
class ProbeController {
    private final Probes probes;

    ProbeController(Probes probes) {
        this.probes = probes;
    }

    @GetMapping
    @Operation(operationId = "listProbes", summary = "Fitted probes, newest first")
    Page<Probe> list(
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int limit,
            @RequestParam(required = false) @Nullable String after) {
        return Page.of(probes.list(limit, after == null ? null : ProbeId.parse(after)), Probe::of);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getProbe", summary = "One probe")
    Probe get(@PathVariable String id) {
        return Probe.of(probes.get(ProbeId.parse(id)));
    }
}
