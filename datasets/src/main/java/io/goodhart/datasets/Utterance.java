package io.goodhart.datasets;

import java.util.List;
import java.util.Map;

/** A part of a preference pair: a text, or messages of a chat. */
public sealed interface Utterance {
    /** What is said last: of a chat the content of its last message. */
    default String lastWords() {
        return switch (this) {
            case Text text -> text.text();
            case Chat chat -> String.valueOf(chat.messages().getLast().get("content"));
        };
    }

    /** A text as it is. */
    record Text(String text) implements Utterance {}

    /** Messages, each with a role and a content, that a model's chat template renders. */
    record Chat(List<Map<String, Object>> messages) implements Utterance {
        public Chat {
            messages = List.copyOf(messages);
        }
    }
}
