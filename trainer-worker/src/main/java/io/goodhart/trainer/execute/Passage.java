package io.goodhart.trainer.execute;

import io.goodhart.trainer.artifact.ResponseRow;
import java.util.Arrays;
import java.util.List;

/** A text behind a prompt, as token ids. */
final class Passage {
    private final int[] prompt;
    private final int[] completion;

    private Passage(int[] prompt, int[] completion) {
        this.prompt = prompt;
        this.completion = completion;
    }

    /** @param completion may be empty */
    static Passage of(int[] prompt, int[] completion) {
        return new Passage(prompt.clone(), completion.clone());
    }

    /** A response without {@code <eos>}. */
    static Passage ofResponse(ResponseRow row) {
        return new Passage(ids(row.promptIds()), ids(row.responseIds().subList(0, row.tokens())));
    }

    /** A response with {@code <eos>}, if the model wrote it. */
    static Passage ofWholeResponse(ResponseRow row) {
        return new Passage(ids(row.promptIds()), ids(row.responseIds()));
    }

    /** A text as if it were a response to an empty prompt, cut to the model's context. */
    static Passage ofText(LoadedModel model, String text) {
        int[] prompt = model.promptIds("");
        int[] ids = model.responseIds(text);
        return new Passage(prompt, Arrays.copyOf(ids, Math.min(ids.length, model.context() - prompt.length)));
    }

    /** The first token is the prompt, all others the completion. */
    static Passage afterFirst(int[] ids) {
        return new Passage(Arrays.copyOf(ids, 1), Arrays.copyOfRange(ids, 1, ids.length));
    }

    static int[] ids(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    int[] prompt() {
        return prompt.clone();
    }

    int[] completion() {
        return completion.clone();
    }

    boolean isEmpty() {
        return completion.length == 0;
    }
}
