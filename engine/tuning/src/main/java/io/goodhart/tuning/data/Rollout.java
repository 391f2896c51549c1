package io.goodhart.tuning.data;

/**
 * A response that the policy sampled, and what it is worth.
 *
 * @param ids prompt and response, the end token included if the policy wrote it
 * @param promptLength number of leading tokens that are the prompt
 * @param finished whether the last token ends the response; otherwise it was cut at the longest response
 * @param task what the task rewards
 * @param probe what the probes say, a probability; NaN if there was nothing to read: such a response is outside of its group
 */
public record Rollout(TokenIds ids, int promptLength, boolean finished, double task, double probe) {
    public Rollout {
        if (promptLength < 1 || promptLength >= ids.length()) {
            throw new IllegalArgumentException("Need a prompt and a response, got %d tokens with a prompt of %d"
                    .formatted(ids.length(), promptLength));
        }
    }

    /** Tokens of the response. */
    public int tokens() {
        return ids.length() - promptLength;
    }
}
