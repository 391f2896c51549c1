package io.goodhart.trainer.child;

import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Message;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What an executor sees of its task: inputs, outputs, and the way to report. Used by one thread. */
public final class TaskContext {
    private static final long PROGRESS_INTERVAL_NANOS = 500_000_000L;

    private final Assignment assignment;
    private final MessageSink sink;
    private final StopFlag stop;
    private final Map<String, String> outputs = new TreeMap<>();
    private final List<Message.Probe> probes = new ArrayList<>();

    public TaskContext(Assignment assignment, MessageSink sink, StopFlag stop) {
        this.assignment = assignment;
        this.sink = sink;
        this.stop = stop;
    }

    /** The file of an input that the task cannot do without. */
    public Path input(String name) {
        return optionalInput(name)
                .orElseThrow(() -> TaskFailedException.invalidInput("The task has no input named " + name));
    }

    public Optional<Path> optionalInput(String name) {
        return Optional.ofNullable(assignment.inputs().get(name)).map(Path::of);
    }

    /** The inputs {@code name.0}, {@code name.1}, …, as far as they go without a gap. */
    public List<Path> inputs(String name) {
        List<Path> paths = new ArrayList<>();
        for (int i = 0; ; i++) {
            Optional<Path> path = optionalInput(name + "." + i);
            if (path.isEmpty()) {
                return paths;
            }
            paths.add(path.get());
        }
    }

    /** Every input by name. */
    public Map<String, Path> inputs() {
        Map<String, Path> paths = new TreeMap<>();
        assignment.inputs().forEach((name, path) -> paths.put(name, Path.of(path)));
        return paths;
    }

    /** The file that an output is to be written to; it becomes an artifact when the task succeeds. */
    public Path output(String name) {
        String path = outputs.computeIfAbsent(
                name, key -> work().resolve("output." + key).toString());
        return Path.of(path);
    }

    /** A directory of the task's own. */
    public Path work() {
        return Path.of(assignment.work());
    }

    /** Root of models and data. */
    public Path filesRoot() {
        return Path.of(assignment.files());
    }

    /** The verified file of a registered data set. */
    public Path dataset(String sha256) {
        String file = assignment.datasets().get(sha256);
        if (file == null) {
            throw TaskFailedException.invalidInput("The task has no data set with sha256 " + sha256);
        }
        return Path.of(file);
    }

    /** The last checkpoint of an earlier attempt. */
    public Optional<Path> checkpoint() {
        return Optional.ofNullable(assignment.checkpoint()).map(Path::of).filter(Files::exists);
    }

    public StopFlag stop() {
        return stop;
    }

    /** A fresh account of the task's stages. */
    public Stages stages() {
        return new Stages(
                (done, total, unit, eta, stage) ->
                        sink.send(new Message.Progressed(assignment.task(), done, total, unit, eta, stage)),
                System::nanoTime,
                PROGRESS_INTERVAL_NANOS);
    }

    /** Reports progress of work whose end is known otherwise than by {@link #stages}. */
    public void progress(long done, long total, String unit, double etaSeconds, String message) {
        sink.send(new Message.Progressed(assignment.task(), done, total, unit, etaSeconds, message));
    }

    /** Reports metrics of one step; those that are not finite are left out. */
    public void metrics(long step, Map<String, Double> values) {
        List<Message.Point> points = values.entrySet().stream()
                .filter(entry -> Double.isFinite(entry.getValue()))
                .map(entry -> new Message.Point(step, entry.getKey(), entry.getValue()))
                .toList();
        sink.send(new Message.Measured(assignment.task(), points));
    }

    /** Tells people something; never text of the data. */
    public void event(String level, String event, String message, Map<String, Object> data) {
        sink.send(new Message.Noted(assignment.task(), level, event, message, data));
    }

    /** A complete checkpoint lies at this path. */
    public void saved(long step, Path checkpoint) {
        sink.send(new Message.Saved(assignment.task(), step, checkpoint.toString()));
    }

    /** Describes the next probe of the output {@code probes}. */
    public void probe(Message.Probe probe) {
        probes.add(probe);
    }

    /** What the task has to show. */
    Message.Done done() {
        for (Map.Entry<String, String> output : outputs.entrySet()) {
            if (!Files.exists(Path.of(output.getValue()))) {
                throw new IllegalStateException("Output " + output.getKey() + " was announced but not written");
            }
        }
        return new Message.Done(assignment.task(), outputs, probes);
    }
}
