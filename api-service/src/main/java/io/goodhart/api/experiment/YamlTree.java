package io.goodhart.api.experiment;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads one YAML document as maps, lists and scalars. Scalars are those of YAML 1.2, whose numbers are JSON's: {@code 5e-4} is a
 * number, and {@code no}, {@code 12:30} and {@code 2026-01-01} are texts. No types by tag, few aliases, no key twice.
 */
final class YamlTree {
    private static final int MOST_ALIASES = 50;
    private static final int DEEPEST = 40;

    private YamlTree() {}

    /** @throws InvalidInputException with code {@code malformed_yaml}, naming line and column */
    static @Nullable Object read(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setNestingDepthLimit(DEEPEST);
        DumperOptions unused = new DumperOptions();
        Yaml yaml = new Yaml(new SafeConstructor(options), new Representer(unused), unused, options, new Scalars());
        try {
            return yaml.load(text);
        } catch (MarkedYAMLException e) {
            String where = e.getProblemMark() == null
                    ? ""
                    : " (line %d, column %d)"
                            .formatted(
                                    e.getProblemMark().getLine() + 1,
                                    e.getProblemMark().getColumn() + 1);
            throw malformed(e.getProblem() + where);
        } catch (YAMLException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
    }

    private static InvalidInputException malformed(String message) {
        return new InvalidInputException(new Problem("malformed_yaml", null, message));
    }

    /** Which plain scalars are not texts. */
    private static final class Scalars extends Resolver {
        private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");
        private static final Pattern WHOLE = Pattern.compile("[-+]?(?:0|[1-9][0-9]*)");
        private static final Pattern DECIMAL =
                Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");
        private static final Pattern NOTHING = Pattern.compile("~|null|Null|NULL|");
        private static final Pattern MERGE = Pattern.compile("<<");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, TRUTH, "tTfF");
            addImplicitResolver(Tag.INT, WHOLE, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, DECIMAL, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NOTHING, "~nN");
            addImplicitResolver(Tag.NULL, NOTHING, null);
        }
    }
}
