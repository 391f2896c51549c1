package io.goodhart.trainer.execute;

import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The responses that one probe is fitted and calibrated on. Responses without a token take no part.
 *
 * @param probe the probe's number
 * @param activations what was read of each response
 */
record LabelledSet(
        int probe, List<ResponseRow> responses, List<Boolean> positive, Activations activations, int fitPrompts) {
    LabelledSet {
        responses = List.copyOf(responses);
        positive = List.copyOf(positive);
    }

    /** The inputs {@code responses.i}, {@code scores.i} and {@code activations.i}. */
    static LabelledSet read(TaskContext context, int i, double threshold, int fitPrompts) {
        List<ResponseRow> responses = JsonLines.read(ResponseRow.class, context.input("responses." + i));
        double[] scores = Column.read(context.input("scores." + i), Column.SCORE);
        Activations activations = Activations.read(context.input("activations." + i));
        return of(i, responses, scores, activations, threshold, fitPrompts);
    }

    /**
     * The set of one probe.
     *
     * @param probe number of the probe
     * @param threshold a response is positive iff its score is at least this
     */
    static LabelledSet of(
            int probe,
            List<ResponseRow> responses,
            double[] scores,
            Activations activations,
            double threshold,
            int fitPrompts) {
        int rows = activations.layer(activations.layers().first()).n();
        if (scores.length != responses.size() || rows != responses.size()) {
            throw TaskFailedException.invalidInput("Set %d has %d responses, %d scores and %d rows of activations"
                    .formatted(probe, responses.size(), scores.length, rows));
        }
        List<Boolean> positive = IntStream.range(0, scores.length)
                .mapToObj(n -> scores[n] >= threshold)
                .toList();
        return new LabelledSet(probe, responses, positive, activations, fitPrompts);
    }

    /** @throws TaskFailedException if the activations were read somewhere else or in another way */
    void require(Site site, Pooling pooling) {
        if (activations.source().site() != site || activations.source().pooling() != pooling) {
            throw TaskFailedException.invalidInput("Activations of %s, %s do not fit a probe of %s, %s"
                    .formatted(activations.source().site(), activations.source().pooling(), site, pooling));
        }
    }

    /** Responses to the first prompts. */
    LabelledTexts fitting(int layer) {
        return texts(layer, true);
    }

    /** Responses to the other prompts. */
    LabelledTexts calibrating(int layer) {
        return texts(layer, false);
    }

    /** Whether the responses that fit have both classes. */
    boolean isFittable() {
        Set<Integer> first = firstPrompts();
        return IntStream.range(0, responses.size())
                        .filter(n -> !responses.get(n).lacksTokens())
                        .filter(n -> first.contains(responses.get(n).promptIndex()))
                        .mapToObj(positive::get)
                        .distinct()
                        .count()
                == 2;
    }

    int empty() {
        return (int) responses.stream().filter(ResponseRow::lacksTokens).count();
    }

    int positives() {
        return (int) positive.stream().filter(label -> label).count();
    }

    private LabelledTexts texts(int layer, boolean fitting) {
        Set<Integer> first = firstPrompts();
        int[] kept = IntStream.range(0, responses.size())
                .filter(n -> !responses.get(n).lacksTokens())
                .filter(n -> first.contains(responses.get(n).promptIndex()) == fitting)
                .toArray();
        TokenActivations texts = activations.layer(layer);
        requireFinite(texts, kept, layer);
        boolean[] labels = new boolean[kept.length];
        IntStream.range(0, labels.length).forEach(i -> labels[i] = positive.get(kept[i]));
        return LabelledTexts.of(texts.texts(kept), labels);
    }

    private Set<Integer> firstPrompts() {
        Set<Integer> prompts = new LinkedHashSet<>();
        for (ResponseRow response : responses) {
            if (prompts.size() == fitPrompts) {
                break;
            }
            prompts.add(response.promptIndex());
        }
        return prompts;
    }

    private void requireFinite(TokenActivations texts, int[] kept, int layer) {
        int width = texts.d();
        float[] values = texts.rows().valuesND();
        for (int n : kept) {
            if (texts.tokens(n) == 0) {
                throw TaskFailedException.invalidInput(
                        "Response %d of probe %d has tokens, but no activations at layer %d"
                                .formatted(n, probe, layer));
            }
            for (int at = texts.from(n) * width; at < texts.to(n) * width; at++) {
                if (!Float.isFinite(values[at])) {
                    throw new TaskFailedException(
                            FailureCode.DIVERGED,
                            "Feature %d of response %d of probe %d at layer %d is %s; nothing can be fitted to it"
                                    .formatted(at % width, n, probe, layer, values[at]));
                }
            }
        }
    }
}
