package io.goodhart.modelfiles.chat;

import com.hubspot.jinjava.interpret.InterpretException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntPredicate;

/** Methods of Python's {@code str} that templates use. */
final class PythonText {
    private PythonText() {}

    static Object call(String text, String method, List<Object> arguments) {
        return switch (method) {
            case "strip" -> strip(text, set(arguments), true, true);
            case "lstrip" -> strip(text, set(arguments), true, false);
            case "rstrip" -> strip(text, set(arguments), false, true);
            case "split" -> split(text, arguments);
            case "splitlines" -> text.lines().toList();
            case "startswith" -> any(arguments, text::startsWith);
            case "endswith" -> any(arguments, text::endsWith);
            case "replace" -> replace(text, string(arguments, 0), string(arguments, 1));
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" -> capitalized(text);
            case "title" -> title(text);
            case "find" -> text.indexOf(string(arguments, 0));
            case "count" -> count(text, string(arguments, 0));
            case "isdigit" -> !text.isEmpty() && text.chars().allMatch(Character::isDigit);
            case "join" -> join(text, arguments);
            default -> throw new InterpretException("A text has no method '" + method + "' here");
        };
    }

    private static IntPredicate set(List<Object> arguments) {
        if (arguments.isEmpty() || arguments.getFirst() == null) {
            return c -> Character.isWhitespace(c) || Character.isSpaceChar(c);
        }
        String characters = string(arguments, 0);
        return c -> characters.indexOf(c) >= 0;
    }

    private static String strip(String text, IntPredicate stripped, boolean front, boolean behind) {
        int start = 0;
        int end = text.length();
        while (front && start < end && stripped.test(text.charAt(start))) {
            start++;
        }
        while (behind && end > start && stripped.test(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static List<String> split(String text, List<Object> arguments) {
        if (arguments.isEmpty() || arguments.getFirst() == null) {
            String stripped = strip(text, set(List.of()), true, true);
            return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+", -1));
        }
        String separator = string(arguments, 0);
        if (separator.isEmpty()) {
            throw new InterpretException("split: empty separator");
        }
        long limit = arguments.size() > 1 && arguments.get(1) instanceof Number n && n.intValue() >= 0
                ? n.intValue()
                : Integer.MAX_VALUE;
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator); at >= 0 && parts.size() < limit; at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static boolean any(List<Object> arguments, java.util.function.Predicate<String> test) {
        Object wanted = arguments.isEmpty() ? "" : arguments.getFirst();
        return wanted instanceof Iterable<?> several
                ? new ArrayList<>(toList(several)).stream().anyMatch(one -> test.test(Objects.toString(one)))
                : test.test(string(arguments, 0));
    }

    private static List<Object> toList(Iterable<?> elements) {
        List<Object> list = new ArrayList<>();
        elements.forEach(list::add);
        return list;
    }

    private static String replace(String text, String old, String replacement) {
        long grown = text.length() + (long) (text.length() + 1) * replacement.length();
        if (grown > Budget.TEXT && text.length() + (long) count(text, old) * replacement.length() > Budget.TEXT) {
            throw Budget.exceeded("values that are too large");
        }
        return text.replace(old, replacement);
    }

    private static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT)
                        + text.substring(1).toLowerCase(Locale.ROOT);
    }

    private static String title(String text) {
        StringBuilder result = new StringBuilder(text.length());
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            result.append(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inWord = Character.isLetter(c);
        }
        return result.toString();
    }

    private static int count(String text, String part) {
        if (part.isEmpty()) {
            return text.length() + 1;
        }
        int count = 0;
        for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }

    private static String join(String separator, List<Object> arguments) {
        StringBuilder result = new StringBuilder();
        if (!arguments.isEmpty() && arguments.getFirst() instanceof Iterable<?> parts) {
            for (Object part : parts) {
                result.append(result.isEmpty() ? "" : separator).append(part);
                if (result.length() > Budget.TEXT) {
                    throw Budget.exceeded("values that are too large");
                }
            }
        }
        return result.toString();
    }

    private static String string(List<Object> arguments, int index) {
        if (arguments.size() <= index || !(arguments.get(index) instanceof CharSequence text)) {
            throw new InterpretException("A method of a text needs a text as argument " + (index + 1));
        }
        return text.toString();
    }
}
