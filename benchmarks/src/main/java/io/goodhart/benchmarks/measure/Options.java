package io.goodhart.benchmarks.measure;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Options of the form {@code --name value}; a name that nobody asked for is an error. */
public final class Options {
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> unread = new TreeSet<>();

    private Options() {}

    /** Reads the arguments behind the benchmark's name. */
    public static Options parse(String... arguments) {
        Options options = new Options();
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i];
            if (!name.startsWith("--") || i + 1 == arguments.length) {
                throw new IllegalArgumentException("Need --name value, got " + name);
            }
            options.values.put(name.substring(2), arguments[i + 1]);
            options.unread.add(name.substring(2));
        }
        return options;
    }

    /** The value of an option. */
    public String text(String name, String otherwise) {
        unread.remove(name);
        return values.getOrDefault(name, otherwise);
    }

    /** Words with commas between them. */
    public List<String> words(String name, String otherwise) {
        return List.of(text(name, otherwise).split(",", -1));
    }

    /** A whole number. */
    public int number(String name, int otherwise) {
        return Integer.parseInt(text(name, Integer.toString(otherwise)));
    }

    /** A place in the file system. */
    public Path path(String name, Path otherwise) {
        return Path.of(text(name, otherwise.toString()));
    }

    /** Whether an option that may be {@code true} or {@code false} is true. */
    public boolean flag(String name) {
        return Boolean.parseBoolean(text(name, "false"));
    }

    /** Refuses options that the benchmark does not have. */
    public void requireAllRead() {
        if (!unread.isEmpty()) {
            throw new IllegalArgumentException("No such option: " + unread);
        }
    }
}
