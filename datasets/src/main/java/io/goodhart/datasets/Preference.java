package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A prompt with two completions, all three texts or all three chats; the completions are neither empty nor equal.
 *
 * @param source where it is from, for messages
 * @param line the line of the file that it begins in
 */
public record Preference(DataSource source, long line, Utterance prompt, Utterance chosen, Utterance rejected) {
    /**
     * The pair as texts. A chat's completion is what the template writes behind the prompt.
     *
     * @param prompts renders messages up to the words that open the model's turn
     * @param whole renders messages to the end
     * @throws InvalidInputException if a template does not write a conversation behind its prompt, or writes nothing
     */
    public PairText rendered(
            Function<List<Map<String, Object>>, String> prompts, Function<List<Map<String, Object>>, String> whole) {
        return switch (prompt) {
            case Utterance.Text text -> new PairText(text.text(), text(chosen), text(rejected), false);
            case Utterance.Chat chat -> {
                String start = prompts.apply(chat.messages());
                yield new PairText(
                        start,
                        behind(start, whole.apply(joined(chat, chosen))),
                        behind(start, whole.apply(joined(chat, rejected))),
                        true);
            }
        };
    }

    private static String text(Utterance completion) {
        return switch (completion) {
            case Utterance.Text text -> text.text();
            case Utterance.Chat _ -> throw new IllegalStateException("A pair is of one kind");
        };
    }

    private static List<Map<String, Object>> joined(Utterance.Chat prompt, Utterance completion) {
        return switch (completion) {
            case Utterance.Chat chat ->
                Stream.concat(prompt.messages().stream(), chat.messages().stream())
                        .toList();
            case Utterance.Text _ -> throw new IllegalStateException("A pair is of one kind");
        };
    }

    private String behind(String start, String whole) {
        if (!whole.startsWith(start) || whole.length() == start.length()) {
            throw BadData.row(
                    source, line, "is no chat whose completion the model's template writes behind its prompt");
        }
        return whole.substring(start.length());
    }
}
