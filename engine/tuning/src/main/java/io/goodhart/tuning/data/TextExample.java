package io.goodhart.tuning.data;

/**
 * One row of supervised fine-tuning.
 *
 * @param ids prompt and completion, at least two tokens
 * @param promptLength number of leading tokens that are the prompt; 0 if all of it is text to learn
 */
public record TextExample(TokenIds ids, int promptLength) {
    public TextExample {
        if (ids.length() < 2 || promptLength < 0 || promptLength >= ids.length()) {
            throw new IllegalArgumentException(
                    "Need at least two tokens and a prompt that leaves one, got %d with prompt %d"
                            .formatted(ids.length(), promptLength));
        }
    }
}
