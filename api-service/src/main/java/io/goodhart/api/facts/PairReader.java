package io.goodhart.api.facts;

import io.goodhart.datasets.DataSource;
import io.goodhart.datasets.PairText;
import io.goodhart.datasets.Preferences;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.plan.PairSlice;
import io.goodhart.domain.validate.PairFacts;
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
    private PairReader() {}

    static PairFacts facts(DataSource source, PairSlice slice, Path model, int context) throws IOException {
        Optional<ChatTemplate> template = ChatTemplate.open(model, Clock.systemUTC());
        try (Tokenizer tokenizer = Tokenizer.open(model)) {
            PairCount count = new PairCount(tokenizer, context);
            Preferences.forEach(
                    source,
                    slice,
                    pair -> count.add(pair.rendered(
                            messages -> render(template, messages, ChatTemplate.Ending.GENERATION_PROMPT),
                            messages -> render(template, messages, ChatTemplate.Ending.LAST_MESSAGE))));
            return count.facts();
        }
    }

    /** Counts pairs as they pass by. */
    private static final class PairCount {
        private final Tokenizer tokenizer;
        private final int context;
        private int pairs;
        private int longest;
        private int tooLong;

        PairCount(Tokenizer tokenizer, int context) {
            this.tokenizer = tokenizer;
            this.context = context;
        }

        void add(PairText text) {
            int prompt = tokenizer.encode(text.prompt(), text.isChat() ? Specials.LEFT_OUT : Specials.ADDED).length;
            int completion = Math.max(
                    tokenizer.encode(text.chosen(), Specials.LEFT_OUT).length,
                    tokenizer.encode(text.rejected(), Specials.LEFT_OUT).length);
            pairs++;
            longest = Math.max(longest, prompt);
            tooLong += prompt + completion > context ? 1 : 0;
        }

        PairFacts facts() {
            return new PairFacts(pairs, longest, tooLong);
        }
    }

    private static String render(
            Optional<ChatTemplate> template, List<Map<String, Object>> messages, ChatTemplate.Ending ending) {
        return template.orElseThrow(() -> new InvalidInputException(new Problem(
                        "no_chat_template", null, "The pairs are chats, and the model has no chat template")))
                .render(messages, ending, Map.of());
    }
}
