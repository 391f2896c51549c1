package io.goodhart.trainer.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.state.FailureCode;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the child tells the supervisor. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Message.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = Message.Progressed.class, name = "progress"),
    @JsonSubTypes.Type(value = Message.Measured.class, name = "metrics"),
    @JsonSubTypes.Type(value = Message.Noted.class, name = "event"),
    @JsonSubTypes.Type(value = Message.Saved.class, name = "checkpoint"),
    @JsonSubTypes.Type(value = Message.Done.class, name = "done"),
    @JsonSubTypes.Type(value = Message.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Message.Stopped.class, name = "stopped")
})
public sealed interface Message {
    /**
     * The child has passed its self-test and waits for a task.
     *
     * @param device what it computes on, for people
     * @param threads threads of one operation
     * @param selfTest what the self-test found, for the log
     */
    record Ready(String device, int threads, String selfTest) implements Message {}

    /** Something about one task. */
    sealed interface OfTask extends Message {
        UUID task();
    }

    /** The last word about a task; the child is idle again. */
    sealed interface End extends OfTask {}

    /**
     * How far a task is.
     *
     * @param done so many units of {@code total}
     * @param unit what is counted: {@code steps}, {@code responses}
     * @param etaSeconds seconds until the whole task is done, null while unknown
     * @param message the stage, for people
     */
    record Progressed(
            UUID task,
            long done,
            long total,
            String unit,
            @Nullable Double etaSeconds,
            String message) implements OfTask {}

    /** Points of metric series, each finite. */
    record Measured(UUID task, List<Point> points) implements OfTask {
        public Measured {
            points = List.copyOf(points);
        }
    }

    /** One point of a metric series. */
    record Point(long step, String name, double value) {}

    /**
     * Something worth telling a person; never contains text of the data.
     *
     * @param level {@code info}, {@code warn} or {@code error}
     * @param event machine-readable name
     */
    record Noted(UUID task, String level, String event, String message, Map<String, Object> data) implements OfTask {
        public Noted {
            data = Collections.unmodifiableMap(new TreeMap<>(data));
        }
    }

    /** A checkpoint is complete at this path. Metrics up to this step were sent before. */
    record Saved(UUID task, long step, String path) implements OfTask {}

    /**
     * The task succeeded.
     *
     * @param outputs output name → file
     * @param probes what the output {@code probes} holds, in its order; empty for other kinds
     */
    record Done(UUID task, Map<String, String> outputs, List<Probe> probes) implements End {
        public Done {
            outputs = Collections.unmodifiableMap(new TreeMap<>(outputs));
            probes = List.copyOf(probes);
        }
    }

    /**
     * One fitted probe of the output {@code probes}.
     *
     * @param index number in the file, from 0
     * @param description what is known of it: counts, threshold, validation metrics
     */
    record Probe(
            int index,
            ProbeRole role,
            ProbeSpec.Kind kind,
            Site site,
            int layer,
            ModelRevision model,
            Map<String, Object> description) {
        public Probe {
            description = Collections.unmodifiableMap(new TreeMap<>(description));
        }
    }

    /** The task failed; the child is still usable. */
    record Failed(UUID task, FailureCode code, String message) implements End {}

    /** The task stopped because it was told to. */
    record Stopped(UUID task) implements End {}
}
