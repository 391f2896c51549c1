package io.goodhart.api.facts;

import io.goodhart.datasets.PairText;
import io.goodhart.datasets.Preference;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.chat.ChatTemplate;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.modelfiles.tokenize.Tokenizer.Specials;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads preference pairs as a model's tokenizer and chat template see them. */
final class PairReader {
    private final Optional<ChatTemplate> template;
    private final Tokenizer tokenizer;

    private PairReader(Optional<ChatTemplate> template, Tokenizer tokenizer) {
        this.template = template;
        this.tokenizer = tokenizer;
    }

    static PairReader open(Path model, Tokenizer tokenizer) throws IOException {
        return new PairReader(ChatTemplate.open(model, Clock.systemUTC()), tokenizer);
    }

    /** @throws InvalidInputException if the pair is a chat that the model's template does not render */
    Length length(Preference pair) {
        PairText text = pair.rendered(
                messages -> render(messages, ChatTemplate.Ending.GENERATION_PROMPT),
                messages -> render(messages, ChatTemplate.Ending.LAST_MESSAGE));
        return new Length(
                tokenizer.encode(text.prompt(), text.isChat() ? Specials.LEFT_OUT : Specials.ADDED).length,
                Math.max(
                        tokenizer.encode(text.chosen(), Specials.LEFT_OUT).length,
                        tokenizer.encode(text.rejected(), Specials.LEFT_OUT).length));
    }

    private String render(List<Map<String, Object>> messages, ChatTemplate.Ending ending) {
        return template.orElseThrow(() -> new InvalidInputException(new Problem(
                        "no_chat_template", null, "The pairs are chats, and the model has no chat template")))
                .render(messages, ending, Map.of());
    }

    /**
     * Tokens of a pair.
     *
     * @param completion of the longer one
     */
    record Length(int prompt, int completion) {}
}
