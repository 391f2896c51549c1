package io.goodhart.probeservice.child;

import io.goodhart.domain.model.Aggregation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the child to read texts.
 *
 * @param id echoed in the answer
 * @param model directory of the model, absolute
 * @param modelSha256 what the model's hash must be
 * @param probeFile set of probes, absolute
 * @param indices probes of that set
 * @param items what to read
 * @param perToken whether each token's score is wanted
 * @param aggregation how a text's score is made of its tokens'; null: as each probe was fitted
 */
record ScoreCommand(
        long id,
        String model,
        String modelSha256,
        String probeFile,
        List<Integer> indices,
        List<Item> items,
        boolean perToken,
        @Nullable Aggregation aggregation) {
    /**
     * One text.
     *
     * @param prompt what comes before it; may be empty
     * @param text what the probes read
     */
    record Item(String prompt, String text) {}

    /**
     * What the child answers: scores, or why there are none.
     *
     * @param refusal null if there are scores
     */
    record Answer(long id, List<ItemScores> items, @Nullable Refused refusal) {}

    /**
     * Why there are no scores.
     *
     * @param code stable name
     * @param field what of the request is wrong, if that is it
     */
    record Refused(Because because, String code, @Nullable String field, String message) {}

    /** Who has to do something about it. */
    enum Because {
        /** The caller: a text cannot be read. */
        OF_TEXT,
        /** Whoever keeps the files: the model is not the one that the probes were fitted on. */
        OF_MODEL,
        /** The service. */
        OF_FAILURE
    }

    /**
     * Readings of one text.
     *
     * @param tokens tokens of the text
     * @param logits log-odds of each probe, not calibrated
     * @param tokenLogits log-odds by probe and token, only if asked for
     * @param starts first character of each token, only if asked for
     */
    record ItemScores(int tokens, List<Double> logits, List<List<Double>> tokenLogits, List<Integer> starts) {}
}
