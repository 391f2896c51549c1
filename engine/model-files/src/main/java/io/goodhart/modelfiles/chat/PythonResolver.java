package io.goodhart.modelfiles.chat;

import com.hubspot.jinjava.el.ext.JinjavaBeanELResolver;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.lib.exptest.ExpTest;
import com.hubspot.jinjava.lib.filter.Filter;
import com.hubspot.jinjava.util.ForLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jinjava.javax.el.ELContext;
import org.jspecify.annotations.Nullable;

/**
 * What a template may ask of a value: keys of a mapping, places of a list or text, the counters of a loop, and methods of Python
 * that change nothing. No Java method or property is reachable but those of Jinjava's own filters, tests and loops.
 */
final class PythonResolver extends JinjavaBeanELResolver {
    private static final Set<String> COUNTERS =
            Set.of("index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "depth0");

    PythonResolver() {
        super(true);
    }

    @Override
    public @Nullable Object getValue(ELContext context, @Nullable Object base, @Nullable Object property) {
        context.setPropertyResolved(true);
        String name = String.valueOf(property);
        return switch (base) {
            case null -> null;
            case Map<?, ?> map -> map.get(name);
            case Map.Entry<?, ?> pair -> place(Arrays.asList(pair.getKey(), pair.getValue()), name);
            case List<?> list -> place(list, name);
            case String text -> place(text.chars().mapToObj(Character::toString).toList(), name);
            case ForLoop loop -> ofLoop(context, loop, name);
            default -> null;
        };
    }

    private Object ofLoop(ELContext context, ForLoop loop, String name) {
        if (!COUNTERS.contains(name)) {
            throw new InterpretException("loop." + name + " is not offered");
        }
        return super.getValue(context, loop, name);
    }

    private static @Nullable Object place(List<?> list, String name) {
        try {
            int index = Integer.parseInt(name);
            int place = index < 0 ? list.size() + index : index;
            return place >= 0 && place < list.size() ? list.get(place) : null;
        } catch (NumberFormatException e) { // a name, which a list does not have: undefined, as in Jinja
            return null;
        }
    }

    @Override
    public @Nullable Object invoke(
            ELContext context, Object base, Object method, Class<?> @Nullable [] types, Object[] parameters) {
        context.setPropertyResolved(true);
        String name = String.valueOf(method);
        boolean asked = (base instanceof Filter && name.equals("filter"))
                || (base instanceof ExpTest && name.startsWith("evaluate"));
        if (asked) {
            return super.invoke(context, base, method, types, parameters);
        }
        List<Object> arguments = new ArrayList<>(Arrays.asList(parameters));
        return switch (base) {
            case CharSequence text -> PythonText.call(text.toString(), name, arguments);
            case Map<?, ?> map -> ofMapping(map, name, arguments);
            case List<?> list -> ofList(list, name, arguments);
            case null, default -> throw new InterpretException("There is no method '" + name + "' here");
        };
    }

    private static @Nullable Object ofMapping(Map<?, ?> map, String method, List<Object> arguments) {
        return switch (method) {
            case "get" -> {
                Object value = map.get(String.valueOf(arguments.getFirst()));
                yield value == null && arguments.size() > 1 ? arguments.get(1) : value;
            }
            case "items" -> new ArrayList<>(map.entrySet());
            case "keys" -> new ArrayList<>(map.keySet());
            case "values" -> new ArrayList<>(map.values());
            default -> throw new InterpretException("A mapping has no method '" + method + "' here");
        };
    }

    private static Object ofList(List<?> list, String method, List<Object> arguments) {
        return switch (method) {
            case "index" -> list.indexOf(arguments.getFirst());
            case "count" -> Collections.frequency(list, arguments.getFirst());
            default -> throw new InterpretException("A list has no method '" + method + "' here");
        };
    }
}
