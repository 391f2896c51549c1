package io.goodhart.trainer.execute;

import io.goodhart.domain.model.Pooling;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.text.Activations;
import io.goodhart.lm.text.Likelihood;
import io.goodhart.lm.text.TextActivations;
import io.goodhart.lm.text.TextLikelihoods;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.StopFlag;
import io.goodhart.trainer.child.StoppedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/** Lets a model read texts, with progress and a way to stop. */
final class TextReader {
    /** Texts between two reports of progress. */
    private static final int CHUNK = 128;

    private final DecoderModel model;
    private final Stages stages;
    private final StopFlag stop;

    TextReader(DecoderModel model, Stages stages, StopFlag stop) {
        this.model = model;
        this.stages = stages;
        this.stop = stop;
    }

    /** Activations of each completion's tokens: a row for each, or one that they are pooled into; none for one without tokens. */
    Map<HookPoint, TokenActivations> activations(
            List<Passage> passages, Collection<HookPoint> points, Pooling pooling) {
        Map<HookPoint, CollectedRows> rows = new LinkedHashMap<>();
        points.forEach(point -> rows.put(point, new CollectedRows()));
        for (int from = 0; from < passages.size(); from += CHUNK) {
            List<Passage> chunk = passages.subList(from, Math.min(passages.size(), from + CHUNK));
            if (pooling == Pooling.PER_TOKEN) {
                readTokens(chunk, rows);
            } else {
                readPooled(chunk, pooling, rows);
            }
            stages.done(from + chunk.size());
        }
        Map<HookPoint, TokenActivations> activations = new LinkedHashMap<>();
        rows.forEach((point, ofPoint) -> activations.put(point, ofPoint.together()));
        return activations;
    }

    private void readTokens(List<Passage> chunk, Map<HookPoint, CollectedRows> rows) {
        List<Activations> read = reading(() -> new TextActivations(model)
                .perToken(promptIds(chunk), completionIds(chunk), rows.keySet(), stop::isRaised));
        rows.forEach((point, ofPoint) -> read.forEach(text -> ofPoint.add(text.all(point), text.tokens())));
    }

    private void readPooled(List<Passage> chunk, Pooling pooling, Map<HookPoint, CollectedRows> rows) {
        Map<HookPoint, float[][]> read = reading(() -> new TextActivations(model)
                .pooled(promptIds(chunk), completionIds(chunk), rows.keySet(), pooling, stop::isRaised));
        rows.forEach((point, ofPoint) -> {
            float[][] vectors = Objects.requireNonNull(read.get(point));
            for (int n = 0; n < chunk.size(); n++) {
                ofPoint.add(vectors[n], chunk.get(n).isEmpty() ? 0 : 1);
            }
        });
    }

    private static List<int[]> promptIds(List<Passage> passages) {
        return passages.stream().map(Passage::prompt).toList();
    }

    private static List<int[]> completionIds(List<Passage> passages) {
        return passages.stream().map(Passage::completion).toList();
    }

    /** How likely each completion is; none of a completion's tokens is left out. */
    List<Likelihood> completions(List<Passage> passages) {
        List<Likelihood> likelihoods = new ArrayList<>();
        for (int from = 0; from < passages.size(); from += CHUNK) {
            List<Passage> chunk = passages.subList(from, Math.min(passages.size(), from + CHUNK));
            likelihoods.addAll(reading(() ->
                    new TextLikelihoods(model).ofCompletions(promptIds(chunk), completionIds(chunk), stop::isRaised)));
            stages.done(from + chunk.size());
        }
        return likelihoods;
    }

    /** How likely each text is, from its second token on. */
    List<Likelihood> texts(List<int[]> texts) {
        return completions(texts.stream().map(Passage::afterFirst).toList());
    }

    private static <T> T reading(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (CancellationException e) {
            throw new StoppedException();
        }
    }
}
