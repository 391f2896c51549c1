package io.goodhart.trainer.artifact;

import java.util.List;

/**
 * One response, as a line of {@code responses}.
 *
 * @param promptIndex index of the prompt in the shuffled order of its data set
 * @param sample number of the response among its prompt's
 * @param rowId the data set's name of the row
 * @param prompt text that the model continued, template included
 * @param promptIds its tokens, {@code <bos>} included
 * @param response the continuation as text, special tokens left out
 * @param responseIds its tokens, {@code <eos>} included if the model wrote it
 * @param finished whether the last token is {@code <eos>}
 */
public record ResponseRow(
        int promptIndex,
        int sample,
        String rowId,
        String prompt,
        List<Integer> promptIds,
        String response,
        List<Integer> responseIds,
        boolean finished) {
    public ResponseRow {
        promptIds = List.copyOf(promptIds);
        responseIds = List.copyOf(responseIds);
    }

    /** Tokens of the response, {@code <eos>} left out. */
    public int tokens() {
        return responseIds.size() - (finished ? 1 : 0);
    }

    /** Whether there is nothing to pool over. */
    public boolean lacksTokens() {
        return tokens() == 0;
    }
}
