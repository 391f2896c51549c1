package io.goodhart.modelfiles.chat;

import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.interpret.TemplateError;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model's chat template: a conversation as the one text that the model was trained to continue. The text holds the special
 * tokens already, so tokenize it with {@code Specials.LEFT_OUT}. Follows {@code apply_chat_template} of transformers 4.57:
 * {@code trim_blocks}, {@code lstrip_blocks}, loop controls, {@code raise_exception}, {@code strftime_now}, {@code tojson},
 * {@code namespace}, and methods of Python's strings and dictionaries that change nothing.
 *
 * <p>A template can neither reach Java nor read files; its steps, its time, its texts and its collections are bounded
 * ({@link Budget}). Thread-safe.
 */
public final class ChatTemplate {
    /** What a template's own {@code raise_exception} says about the conversation. */
    public static final String REFUSED = "chat_template_refused";

    /** The template cannot be rendered: wrong syntax, or something that is not offered. */
    public static final String INVALID = "chat_template_invalid";

    /** The template used up its budget. */
    public static final String TOO_COSTLY = "chat_template_too_costly";

    private final String source;
    private final Map<String, String> specialTokens;
    private final Clock clock;

    private ChatTemplate(String source, Map<String, String> specialTokens, Clock clock) {
        this.source = source;
        this.specialTokens = Map.copyOf(specialTokens);
        this.clock = clock;
    }

    /**
     * The default template of a model directory: {@code chat_template.jinja}, or {@code chat_template} of
     * tokenizer_config.json, a text or a list of named templates.
     *
     * @param clock what {@code strftime_now} reads
     * @return empty if the model has no template
     * @throws InvalidInputException if a file cannot be read
     */
    public static Optional<ChatTemplate> open(Path directory, Clock clock) throws IOException {
        return open(directory, TemplateFiles.DEFAULT, clock);
    }

    /** As {@link #open(Path, Clock)}, the template of this name, for example {@code tool_use}. */
    public static Optional<ChatTemplate> open(Path directory, String name, Clock clock) throws IOException {
        TemplateFiles files = TemplateFiles.read(directory);
        return files.template(name).map(source -> new ChatTemplate(source, files.specialTokens(), clock));
    }

    /** A template by its source and the special tokens that it may name, such as {@code bos_token}. */
    public static ChatTemplate of(String source, Map<String, String> specialTokens, Clock clock) {
        return new ChatTemplate(source, specialTokens, clock);
    }

    /** What a rendered conversation ends with. */
    public enum Ending {
        /** Its last message. */
        LAST_MESSAGE,
        /** The words that open the model's turn. */
        GENERATION_PROMPT
    }

    /**
     * Renders a conversation.
     *
     * @param messages each with a {@code role} and a {@code content} (a text, or a list of parts), and what else the template reads
     * @param variables what the template knows beside it, such as {@code enable_thinking} or {@code tools}
     * @throws InvalidInputException with {@link #REFUSED}, {@link #INVALID} or {@link #TOO_COSTLY}
     */
    public String render(List<Map<String, Object>> messages, Ending ending, Map<String, Object> variables) {
        check(messages);
        Map<String, Object> bindings = new HashMap<>(specialTokens);
        bindings.putAll(variables);
        bindings.put("messages", messages);
        bindings.put("add_generation_prompt", ending == Ending.GENERATION_PROMPT);
        Budget.checkSource(source);
        try {
            return textOf(Engine.render(source, bindings, clock));
        } catch (StackOverflowError e) { // tags inside each other by the thousand
            throw Budget.exceeded("parts that are nested too deeply");
        }
    }

    private static void check(List<Map<String, Object>> messages) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            Map<String, Object> message = messages.get(i);
            if (!(message.get("role") instanceof String)) {
                problems.add(new Problem("message_invalid", "messages/%d/role".formatted(i), "A message needs a role"));
            }
            if (message.get("content") == null && message.get("tool_calls") == null) {
                problems.add(new Problem(
                        "message_invalid", "messages/%d/content".formatted(i), "A message needs a content"));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private static String textOf(RenderResult result) {
        for (TemplateError error : result.getErrors()) {
            Optional<InvalidInputException> refusal = refusalIn(error.getException());
            if (refusal.isPresent()) {
                throw refusal.get();
            }
        }
        for (TemplateError error : result.getErrors()) {
            if (error.getReason() == TemplateError.ErrorReason.OUTPUT_TOO_BIG
                    || error.getReason() == TemplateError.ErrorReason.COLLECTION_TOO_BIG) {
                throw Budget.exceeded(error.getMessage());
            }
            boolean undefined = error.getReason() == TemplateError.ErrorReason.UNKNOWN
                    && error.getItem() == TemplateError.ErrorItem.PROPERTY; // Jinja prints nothing, too
            if (!undefined) {
                throw invalid("fails in line %d: %s".formatted(error.getLineno(), error.getMessage()));
            }
        }
        Engine.unknownName(result.getContext()).ifPresent(name -> {
            throw invalid("uses %s, which is not offered".formatted(name));
        });
        return result.getOutput();
    }

    private static InvalidInputException invalid(String fault) {
        return new InvalidInputException(new Problem(INVALID, TemplateFiles.JINJA, "The chat template " + fault));
    }

    private static Optional<InvalidInputException> refusalIn(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidInputException refusal) {
                return Optional.of(refusal);
            }
        }
        return Optional.empty();
    }
}
