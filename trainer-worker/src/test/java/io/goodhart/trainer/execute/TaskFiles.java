package io.goodhart.trainer.execute;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.StopFlag;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/** Small hand-made inputs of a task. */
final class TaskFiles {
    static final ModelRevision MODEL = new ModelRevision("models/m", Hashes.sha256("m"));

    private final Path directory;
    private final Map<String, String> inputs = new TreeMap<>();
    private final List<String> events = new ArrayList<>();

    TaskFiles(Path directory) {
        this.directory = directory;
    }

    /** A file for an input. */
    Path input(String name) {
        Path path = directory.resolve("input." + name);
        inputs.put(name, path.toString());
        return path;
    }

    /** A response of two tokens. */
    static ResponseRow response(int prompt, int sample) {
        return new ResponseRow(prompt, sample, "row", "p", List.of(2, 5), "r", List.of(7, 8, 1), true);
    }

    /** A response that is over at once. */
    static ResponseRow empty(int prompt, int sample) {
        return new ResponseRow(prompt, sample, "row", "p", List.of(2, 5), "", List.of(1), true);
    }

    /**
     * Responses with scores and activations.
     *
     * @param valuesND [N,D] of layer 3 at resid_post
     */
    void responses(int i, List<ResponseRow> rows, double[] scores, float[] valuesND) {
        JsonLines.write(input("responses." + i), rows);
        Column.write(input("scores." + i), Column.SCORE, scores);
        int width = valuesND.length / rows.size();
        CollectedRows collected = new CollectedRows();
        for (int n = 0; n < rows.size(); n++) {
            float[] row = Arrays.copyOfRange(valuesND, n * width, (n + 1) * width);
            collected.add(row, rows.get(n).lacksTokens() ? 0 : 1);
        }
        activations(i, Pooling.MEAN, collected.together());
    }

    /** What was read of the responses of layer 3 at resid_post. */
    void activations(int i, Pooling pooling, TokenActivations texts) {
        Activations.of(new Activations.Source(MODEL, Site.RESID_POST, pooling), Map.of(3, texts))
                .write(input("activations." + i));
    }

    /** What an executor of this task sees. */
    TaskContext context(TaskSpec spec) {
        Assignment assignment = new Assignment(
                UUID.randomUUID(), spec, inputs, directory.toString(), null, directory.toString(), Map.of());
        return new TaskContext(assignment, this::note, new StopFlag());
    }

    private void note(Message message) {
        if (message instanceof Message.Noted noted) {
            events.add(noted.event());
        }
    }

    /** Names of the events that an executor reported. */
    List<String> events() {
        return List.copyOf(events);
    }

    /** So many prompts with one response each. */
    static List<ResponseRow> prompts(int count) {
        List<ResponseRow> rows = new ArrayList<>();
        for (int prompt = 0; prompt < count; prompt++) {
            rows.add(response(prompt, 0));
        }
        return rows;
    }
}
