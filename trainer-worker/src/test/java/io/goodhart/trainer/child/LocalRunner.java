package io.goodhart.trainer.child;

import io.goodhart.domain.plan.OutputRef;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Runs planned tasks in this process, one after the other, with files instead of an artifact store. */
public final class LocalRunner {
    private final TaskRunner runner;
    private final Path files;
    private final Path directory;
    private final Map<TaskKey, Map<String, String>> outputs = new HashMap<>();
    private final List<Message> messages = new CopyOnWriteArrayList<>();

    /** @param files root of models and data */
    public LocalRunner(TaskRunner runner, Path files, Path directory) {
        this.runner = runner;
        this.files = files;
        this.directory = directory;
    }

    /** Computes a task whose inputs are there. */
    public Message.Done run(PlannedTask task) throws IOException {
        return run(task, null);
    }

    /** Goes on with a task from an earlier attempt's checkpoint. */
    public Message.Done resume(PlannedTask task, String checkpoint) throws IOException {
        return run(task, checkpoint);
    }

    private Message.Done run(PlannedTask task, @Nullable String checkpoint) throws IOException {
        Map<String, String> inputs = new TreeMap<>();
        for (Map.Entry<String, OutputRef> input : task.inputs().entrySet()) {
            inputs.put(input.getKey(), output(input.getValue()).toString());
        }
        Path work = Files.createDirectories(directory.resolve(UUID.randomUUID().toString()));
        Assignment assignment = new Assignment(
                UUID.randomUUID(), task.spec(), inputs, work.toString(), checkpoint, files.toString(), Map.of());
        TaskContext context = new TaskContext(assignment, messages::add, new StopFlag());
        runner.run(task.spec(), context);
        Message.Done done = context.done();
        outputs.put(task.key(), done.outputs());
        return done;
    }

    /** Where an output lies. */
    public Path output(OutputRef reference) {
        return Path.of(Objects.requireNonNull(outputs.get(reference.task())).get(reference.output()));
    }

    /** Everything that was reported. */
    public List<Message> messages() {
        return messages;
    }
}
