package io.goodhart.trainer.execute;

import io.goodhart.domain.model.Pooling;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.text.Likelihood;
import io.goodhart.lm.text.TextActivations;
import io.goodhart.lm.text.TextLikelihoods;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.StopFlag;
import io.goodhart.trainer.child.StoppedException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** Activations [N,D] pooled over each completion's tokens; NaN for one without tokens. */
    Map<HookPoint, float[]> pooled(List<Passage> passages, Collection<HookPoint> points, Pooling pooling) {
        Map<HookPoint, List<float[]>> rows = new LinkedHashMap<>();
        points.forEach(point -> rows.put(point, new ArrayList<>()));
        for (int from = 0; from < passages.size(); from += CHUNK) {
            List<Passage> chunk = passages.subList(from, Math.min(passages.size(), from + CHUNK));
            Map<HookPoint, float[][]> read = reading(() -> new TextActivations(model)
                    .pooled(
                            chunk.stream().map(Passage::prompt).toList(),
                            chunk.stream().map(Passage::completion).toList(),
                            points,
                            pooling,
                            stop::isRaised));
            read.forEach((point, values) -> {
                List<float[]> ofPoint = rows.computeIfAbsent(point, key -> new ArrayList<>());
                for (int n = 0; n < chunk.size(); n++) {
                    ofPoint.add(chunk.get(n).isEmpty() ? Pooled.NOTHING : values[n]);
                }
            });
            stages.done(from + chunk.size());
        }
        Map<HookPoint, float[]> pooled = new LinkedHashMap<>();
        rows.forEach((point, ofPoint) -> pooled.put(point, Pooled.matrix(ofPoint)));
        return pooled;
    }

    /** How likely each completion is; none of a completion's tokens is left out. */
    List<Likelihood> completions(List<Passage> passages) {
        List<Likelihood> likelihoods = new ArrayList<>();
        for (int from = 0; from < passages.size(); from += CHUNK) {
            List<Passage> chunk = passages.subList(from, Math.min(passages.size(), from + CHUNK));
            likelihoods.addAll(reading(() -> new TextLikelihoods(model)
                    .ofCompletions(
                            chunk.stream().map(Passage::prompt).toList(),
                            chunk.stream().map(Passage::completion).toList(),
                            stop::isRaised)));
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
