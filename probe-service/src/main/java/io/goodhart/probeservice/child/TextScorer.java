package io.goodhart.probeservice.child;

import io.goodhart.domain.ConflictException;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.text.TextActivations;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.modelfiles.tokenize.Encoded;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.probeservice.child.ScoreCommand.Item;
import io.goodhart.probeservice.child.ScoreCommand.ItemScores;
import io.goodhart.probing.Activations;
import io.goodhart.probing.DenseVector;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ProbeFile;
import io.goodhart.probing.ReadPoint;
import io.goodhart.probing.TokenActivations;
import io.goodhart.probing.collect.TokenPooling;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads texts with a model and lets probes read its activations, teacher-forced: prompt and text in one forward pass, of which the
 * probes see the text's tokens only. Keeps the last model loaded. For one thread.
 */
final class TextScorer implements AutoCloseable {
    /** Texts whose activations are held at once. */
    private static final int CHUNK = 16;

    private @Nullable Loaded loaded;

    private record Loaded(String sha256, DecoderModel model, Tokenizer tokenizer) {
        void close() {
            model.close();
            tokenizer.close();
        }
    }

    /**
     * Scores of each text, in order.
     *
     * @throws InvalidInputException if a text cannot be read
     * @throws ConflictException if the model cannot be read, or is another one than the probes'
     */
    List<ItemScores> score(ScoreCommand command) throws IOException {
        Loaded current = load(Path.of(command.model()), command.modelSha256());
        List<Probe> all = ProbeFile.read(Path.of(command.probeFile()));
        List<Probe> probes = command.indices().stream().map(all::get).toList();
        List<int[]> prompts = new ArrayList<>();
        List<Encoded> texts = new ArrayList<>();
        for (Item item : command.items()) {
            prompts.add(promptIds(current, item.prompt()));
            texts.add(current.tokenizer().encodeWithPlaces(item.text(), Tokenizer.Specials.LEFT_OUT));
            check(current, texts.size() - 1, prompts.getLast(), texts.getLast());
        }
        List<ItemScores> scores = new ArrayList<>();
        for (int from = 0; from < texts.size(); from += CHUNK) {
            int to = Math.min(texts.size(), from + CHUNK);
            scores.addAll(read(current, prompts.subList(from, to), texts.subList(from, to), probes, command));
        }
        return scores;
    }

    private static int[] promptIds(Loaded current, String prompt) {
        int[] ids = current.tokenizer().encode(prompt, Tokenizer.Specials.ADDED);
        OptionalInt beginning = current.model().config().specialTokens().beginning();
        return ids.length == 0 && beginning.isPresent() ? new int[] {beginning.getAsInt()} : ids;
    }

    private static void check(Loaded current, int index, int[] prompt, Encoded text) {
        int context = current.model().config().context();
        if (text.size() == 0) {
            throw refused("empty_text", index, "text", "The text has no token to read");
        }
        if (prompt.length == 0) {
            throw refused("prompt_needed", index, "prompt", "This model has no first token: give a prompt");
        }
        if (prompt.length + text.size() > context) {
            throw refused(
                    "text_too_long",
                    index,
                    "text",
                    "The text has %d tokens with its prompt, the model reads %d"
                            .formatted(prompt.length + text.size(), context));
        }
    }

    private static InvalidInputException refused(String code, int index, String field, String message) {
        return new InvalidInputException(new Problem(code, "items[%d].%s".formatted(index, field), message));
    }

    private static List<ItemScores> read(
            Loaded current, List<int[]> prompts, List<Encoded> texts, List<Probe> probes, ScoreCommand command) {
        Set<HookPoint> points = new LinkedHashSet<>();
        probes.forEach(probe -> points.add(point(probe)));
        List<io.goodhart.lm.text.Activations> activations = new TextActivations(current.model())
                .perToken(prompts, texts.stream().map(Encoded::ids).toList(), points, () -> false);
        List<ItemScores> scores = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            scores.add(itemScores(activations.get(i), texts.get(i), probes, command));
        }
        return scores;
    }

    private static HookPoint point(Probe probe) {
        ReadPoint point = probe.readPoint();
        return new HookPoint(point.site(), point.layer());
    }

    private static ItemScores itemScores(
            io.goodhart.lm.text.Activations read, Encoded text, List<Probe> probes, ScoreCommand command) {
        int tokens = read.tokens();
        List<Double> logits = new ArrayList<>();
        List<List<Double>> ofTokens = new ArrayList<>();
        for (Probe probe : probes) {
            float[] activationsTD = read.all(point(probe));
            Activations rows = Activations.of(activationsTD, tokens, probe.fit().d());
            logits.add(logit(probe, rows, command.aggregation()));
            if (command.perToken()) {
                ofTokens.add(
                        Arrays.stream(probe.fit().tokenLogits(rows)).boxed().toList());
            }
        }
        List<Integer> starts = command.perToken()
                ? IntStream.range(0, tokens).map(text::start).boxed().toList()
                : List.of();
        return new ItemScores(tokens, logits, ofTokens, starts);
    }

    private static double logit(Probe probe, Activations rows, @Nullable Aggregation aggregation) {
        if (aggregation != null) {
            return probe.fit().logits(TokenActivations.ofOne(rows), aggregation)[0];
        }
        if (probe.readsTokens()) {
            return probe.logits(TokenActivations.ofOne(rows))[0];
        }
        boolean[] all = new boolean[rows.n()];
        Arrays.fill(all, true);
        DenseVector pooled = TokenPooling.of(probe.readPoint().pooling(), rows.valuesND(), all)
                .orElseThrow();
        return probe.logits(TokenActivations.pooled(Activations.of(pooled.toFloats(), 1, pooled.size())))[0];
    }

    private Loaded load(Path directory, String sha256) throws IOException {
        Loaded present = loaded;
        if (present != null && present.sha256().equals(sha256)) {
            return present;
        }
        try {
            ModelRevision revision =
                    ModelDirectory.open(directory, directory.toString()).revision();
            if (!revision.sha256().equals(sha256)) {
                throw new ConflictException(
                        "model_changed",
                        "The model in %s is not the one that the probe was fitted on"
                                .formatted(directory.getFileName()));
            }
            close();
            Loaded fresh = new Loaded(sha256, DecoderModel.load(directory), Tokenizer.open(directory));
            loaded = fresh;
            return fresh;
        } catch (InvalidInputException e) {
            throw new ConflictException(e.code(), String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        Loaded present = loaded;
        loaded = null;
        if (present != null) {
            present.close();
        }
    }
}
