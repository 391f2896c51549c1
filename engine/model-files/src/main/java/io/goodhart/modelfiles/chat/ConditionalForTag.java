package io.goodhart.modelfiles.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.tag.ForTag;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.parse.TagToken;
import com.hubspot.jinjava.util.ObjectTruthValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang3.tuple.Pair;

/** {@code {% for x in xs if test %}}, which Jinjava does not know; {@code loop} counts what passed the test. */
final class ConditionalForTag extends ForTag {
    private static final long serialVersionUID = 1L;
    private static final String IF = " if ";

    @Override
    public String interpretUnchecked(TagNode tag, JinjavaInterpreter interpreter) {
        Pair<List<String>, String> loop = getLoopVarsAndExpression((TagToken) tag.getMaster());
        String expression = loop.getRight();
        int condition = condition(expression);
        if (condition < 0) {
            return super.interpretUnchecked(tag, interpreter);
        }
        Object all = interpreter.resolveELExpression(expression.substring(0, condition), tag.getLineNumber());
        String test = expression.substring(condition + IF.length());
        List<Object> passed = new ArrayList<>();
        for (Object element :
                all instanceof Map<?, ?> map ? map.keySet() : all instanceof Iterable<?> i ? i : List.of()) {
            try (var _ = interpreter.enterScope()) {
                bind(loop.getLeft(), element, interpreter);
                if (ObjectTruthValue.evaluate(interpreter.resolveELExpression(test, tag.getLineNumber()))) {
                    passed.add(element);
                }
            }
        }
        return renderForCollection(tag, interpreter, loop.getLeft(), passed);
    }

    private static void bind(List<String> names, Object element, JinjavaInterpreter interpreter) {
        if (names.size() == 1) {
            interpreter.getContext().put(names.getFirst(), interpreter.wrap(element));
        } else if (element instanceof Map.Entry<?, ?> entry) {
            interpreter.getContext().put(names.get(0), entry.getKey());
            interpreter.getContext().put(names.get(1), interpreter.wrap(entry.getValue()));
        }
    }

    /** Where the test begins: at an {@code if} outside of brackets and quotes, because the loop's own expression has none. */
    private static int condition(String expression) {
        int depth = 0;
        char quote = 0;
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '\'' || c == '"') {
                quote = c;
            } else if (c == '(' || c == '[' || c == '{') {
                depth++;
            } else if (c == ')' || c == ']' || c == '}') {
                depth--;
            } else if (depth == 0 && expression.startsWith(IF, i)) {
                return i;
            }
        }
        return -1;
    }
}
