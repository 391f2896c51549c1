package io.goodhart.tuning.data;

/** One prompt with the completion to prefer and the one to avoid; none of the three is empty. */
public record PreferencePair(TokenIds prompt, TokenIds chosen, TokenIds rejected) {
    public PreferencePair {
        if (prompt.length() < 1 || chosen.length() < 1 || rejected.length() < 1) {
            throw new IllegalArgumentException(
                    "Need prompt, chosen and rejected of at least one token, got %d, %d and %d"
                            .formatted(prompt.length(), chosen.length(), rejected.length()));
        }
    }
}
