package io.goodhart.api.experiment;

import io.goodhart.api.web.Page;
import io.goodhart.db.experiment.EventView;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@RequestMapping(ExperimentPaths.ROOT + "/{id}/events")
@Tag(name = "experiments")
class EventController {
    private final Experiments experiments;
    private final EventStreams streams;

    EventController(Experiments experiments, EventStreams streams) {
        this.experiments = experiments;
        this.streams = streams;
    }

    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listExperimentEvents",
            summary = "Events in order, as a list or as a stream",
            description =
                    "As text/event-stream: past events, then new ones as they come, until the experiment has ended. A client"
                            + " that reconnects with Last-Event-ID misses none and sees none twice.")
    Page<Event> list(
            @PathVariable String id,
            @RequestParam(defaultValue = "0") @Min(0) long after,
            @RequestParam(defaultValue = "100") @Min(1) @Max(1000) int limit) {
        List<EventView> oneMore = experiments.events(ExperimentId.parse(id), after, limit + 1);
        return Page.of(oneMore.stream().map(Event::of).toList(), limit);
    }

    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "listExperimentEvents")
    @ApiResponse(
            responseCode = "200",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string")))
    ResponseEntity<SseEmitter> stream(
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            @RequestParam(defaultValue = "0") @Min(0) long after) {
        ExperimentId experiment = ExperimentId.parse(id);
        long seen = lastEventId == null || lastEventId.isBlank() ? after : parse(lastEventId);
        if (streams.isOver(experiment, seen)) {
            return ResponseEntity.noContent().build(); // tells an EventSource not to come back
        }
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .header("X-Accel-Buffering", "no")
                .body(streams.open(experiment, seen));
    }

    private static long parse(String lastEventId) {
        try {
            return Math.max(0, Long.parseLong(lastEventId.strip()));
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    new Problem("wrong_type", "Last-Event-ID", "Need the id of an event, got " + lastEventId));
        }
    }
}
