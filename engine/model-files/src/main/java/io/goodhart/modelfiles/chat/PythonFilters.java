package io.goodhart.modelfiles.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.Filter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Filters that answer otherwise in Jinjava than in transformers. */
final class PythonFilters {
    private PythonFilters() {}

    /** {@code tojson}: JSON in the spacing of Python's json.dumps, nothing escaped that need not be; may take an indent. */
    static final class ToJson implements Filter {
        @Override
        public String getName() {
            return "tojson";
        }

        @Override
        public Object filter(
                Object value, JinjavaInterpreter interpreter, Object[] arguments, Map<String, Object> named) {
            Object indent = named.get("indent");
            return PythonJson.write(value, indent instanceof Number width ? width.intValue() : -1);
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
            return PythonJson.write(value, -1);
        }
    }

    /** {@code items}: pairs of a mapping, as {@code dict.items()}. */
    static final class Items implements Filter {
        @Override
        public String getName() {
            return "items";
        }

        @Override
        public @Nullable Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
            return value instanceof Map<?, ?> map ? new ArrayList<>(map.entrySet()) : List.of();
        }
    }

    /** {@code trim}: as {@code str.strip}, with the characters to strip as an argument. */
    static final class Trim implements Filter {
        @Override
        public String getName() {
            return "trim";
        }

        @Override
        public Object filter(Object value, JinjavaInterpreter interpreter, String... arguments) {
            List<Object> characters = arguments.length == 0 ? List.of() : List.of(arguments[0]);
            return PythonText.call(Objects.toString(value, ""), "strip", characters);
        }
    }
}
