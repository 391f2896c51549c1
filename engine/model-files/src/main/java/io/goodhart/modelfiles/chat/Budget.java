package io.goodhart.modelfiles.chat;

import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.tree.Node;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one rendering may use up. Looks at every node before it is rendered: how many there were, how long it has taken, and how
 * heavy the variables of the innermost scope are. A list that holds one list twice, forty times over, is small in memory and
 * endless to print or to compare; its weight counts every way to a value, and stops counting at the limit.
 */
final class Budget implements BiConsumer<Node, JinjavaInterpreter> {
    /** Nodes rendered; a loop body counts in every round. */
    static final int STEPS = 200_000;

    /** Characters of a text, and of the output. */
    static final int TEXT = 4_000_000;

    /** Elements of a list or map. */
    static final int ELEMENTS = 100_000;

    private static final Duration TIME = Duration.ofSeconds(20);
    private static final long WEIGHT = 1_000_000;
    private static final int DEPTH = 100;
    private static final int SOURCE = 500_000;
    private static final int BRACKETS = 100;
    private static final int CHARACTERS_PER_WEIGHT = 16;

    private final Set<Object> given = Collections.newSetFromMap(new IdentityHashMap<>());
    private final long end = System.nanoTime() + TIME.toNanos();
    private int steps;

    Budget(Map<String, Object> given) {
        this.given.addAll(given.values());
    }

    @Override
    public void accept(Node node, JinjavaInterpreter interpreter) {
        if (++steps > STEPS) {
            throw exceeded("more than %d steps".formatted(STEPS));
        }
        if (System.nanoTime() - end > 0) {
            throw exceeded("longer than " + TIME.toSeconds() + " seconds");
        }
        long left = WEIGHT;
        for (Context scope = interpreter.getContext(); scope != null; scope = scope.getParent()) {
            for (Object value : scope.getScope().values()) {
                if (!given.contains(value)) {
                    left = after(value, left, 0);
                }
            }
        }
    }

    /** What is left of a weight when a value has been taken off it. */
    private static long after(@Nullable Object value, long left, int depth) {
        long rest = left - 1;
        if (value instanceof CharSequence text) {
            rest -= text.length() / CHARACTERS_PER_WEIGHT;
        }
        if (rest < 0 || depth > DEPTH) {
            throw exceeded("values that are too large");
        }
        if (value instanceof Collection<?> elements) {
            for (Object element : elements) {
                rest = after(element, rest, depth + 1);
            }
        } else if (value instanceof Map<?, ?> map) {
            for (Object element : map.values()) {
                rest = after(element, rest, depth + 1);
            }
        }
        return rest;
    }

    /** Jinjava's parser looks ahead at every bracket up to its partner, which is slow beyond bearing where they nest. */
    static void checkSource(String source) {
        if (source.length() > SOURCE) {
            throw exceeded("it has %d characters, more than %d".formatted(source.length(), SOURCE));
        }
        int depth = 0;
        for (int i = 0; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '(' || c == '[') {
                depth++;
            } else if (c == ')' || c == ']') {
                depth = Math.max(0, depth - 1);
            } else if (source.startsWith("%}", i) || source.startsWith("}}", i)) {
                depth = 0; // a bracket in a text is no beginning
            }
            if (depth > BRACKETS) {
                throw exceeded("brackets inside each other, more than " + BRACKETS);
            }
        }
    }

    static InvalidInputException exceeded(String what) {
        return new InvalidInputException(
                new Problem(ChatTemplate.TOO_COSTLY, TemplateFiles.JINJA, "The chat template was stopped: " + what));
    }
}
