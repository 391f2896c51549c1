package io.goodhart.modelfiles.chat;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.el.JinjavaProcessors;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.interpret.Context;
import com.hubspot.jinjava.interpret.Context.Library;
import com.hubspot.jinjava.interpret.RenderResult;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Jinjava with what a chat template may use and nothing else. A rendering has an engine of its own, so that nothing is shared. */
final class Engine {
    private static final Set<String> TAGS = Set.of(
            "for", "if", "elif", "else", "set", "macro", "call", "raw", "break", "continue", "generation", "filter");
    private static final Set<String> FUNCTIONS = Set.of(":range", ":namespace");
    private static final Set<String> FILTERS = Set.of(
            "abs",
            "bool",
            "capitalize",
            "count",
            "d",
            "default",
            "dictsort",
            "escape",
            "first",
            "float",
            "int",
            "items",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "map",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "round",
            "safe",
            "select",
            "selectattr",
            "sort",
            "split",
            "string",
            "sum",
            "title",
            "tojson",
            "trim",
            "unique",
            "upper");

    private static final Pattern INDENTATION = Pattern.compile("^[ \\t]+(?=\\{[%#](?!\\+))", Pattern.MULTILINE);

    private Engine() {}

    static RenderResult render(String source, Map<String, Object> bindings, Clock clock) {
        Jinjava jinjava = new Jinjava(config(bindings, clock));
        jinjava.setResourceLocator((name, encoding, interpreter) -> {
            throw new java.io.FileNotFoundException("A chat template has no other files");
        });
        Context context = jinjava.getGlobalContext();
        context.registerTag(new ConditionalForTag());
        context.registerTag(new GenerationTag());
        context.registerFilter(new PythonFilters.ToJson());
        context.registerFilter(new PythonFilters.Items());
        context.registerFilter(new PythonFilters.Trim());
        context.registerFunction(function("raise_exception"));
        context.registerFunction(function("strftime_now"));
        return jinjava.renderForResult(prepared(source), bindings);
    }

    /**
     * What Jinjava does otherwise than Jinja before anything is parsed: the last line end of the template is dropped, not the
     * output's; {@code lstrip_blocks} strips a line's indentation, not every space before a tag; and a slice may have a step, of
     * which templates use just this one.
     */
    private static String prepared(String source) {
        String unix = source.replace("\r\n", "\n");
        String trimmed = unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix;
        return INDENTATION.matcher(trimmed).replaceAll("").replace("[::-1]", "|reverse|list");
    }

    private static ELFunctionDefinition function(String name) {
        return new ELFunctionDefinition("", name, TemplateFunctions.class, name, String.class);
    }

    private static JinjavaConfig config(Map<String, Object> bindings, Clock clock) {
        return JinjavaConfig.newBuilder()
                .withTrimBlocks(true)
                .withKeepTrailingNewline(true)
                .withLocale(Locale.ROOT)
                .withTimeZone(clock.getZone())
                .withDateTimeProvider(clock::millis)
                .withInterperterFactory(new PythonInterpreter.Factory())
                .withNestedInterpretationEnabled(false)
                .withEnableRecursiveMacroCalls(true)
                .withMaxMacroRecursionDepth(20)
                .withMaxRenderDepth(20)
                .withMaxOutputSize(Budget.TEXT)
                .withMaxStringLength(Budget.TEXT)
                .withMaxListSize(Budget.ELEMENTS)
                .withMaxMapSize(Budget.ELEMENTS)
                .withRangeLimit(10_000)
                .withElResolver(new PythonResolver())
                .withProcessors(JinjavaProcessors.newBuilder()
                        .withNodePreProcessor(new Budget(bindings))
                        .build())
                .withLegacyOverrides(LegacyOverrides.newBuilder()
                        .withUsePyishObjectMapper(true)
                        .withIterateOverMapKeys(true)
                        .withEvaluateMapKeys(true)
                        .withParseWhitespaceControlStrictly(true)
                        .withAllowAdjacentTextNodes(true)
                        .withUseTrimmingForNotesAndExpressions(true)
                        .withHandleBackslashInQuotesOnly(true)
                        .build())
                .withDisabled(DISABLED)
                .build();
    }

    private static final Map<Library, Set<String>> DISABLED = disabled();

    /** Everything that Jinjava brings along and {@link #TAGS}, {@link #FILTERS} and {@link #FUNCTIONS} do not name. */
    private static Map<Library, Set<String>> disabled() {
        Context all = new Jinjava().getGlobalContext();
        Stream<String> functions = all.getAllFunctions().stream().map(ELFunctionDefinition::getName);
        return Map.of(
                Library.TAG,
                without(
                        TAGS,
                        all.getAllTags().stream().map(tag -> tag.getName()).filter(name -> !name.startsWith("end"))),
                Library.FILTER,
                without(FILTERS, all.getAllFilters().stream().map(filter -> filter.getName())),
                Library.FUNCTION,
                without(FUNCTIONS, functions));
    }

    private static Set<String> without(Set<String> allowed, Stream<String> names) {
        return names.filter(name -> !allowed.contains(name)).collect(Collectors.toUnmodifiableSet());
    }

    /** A filter or test that a template asked for and Jinjava does not have; it would leave it out without a word. */
    static Optional<String> unknownName(Context context) {
        return context.getResolvedValues().stream()
                .filter(name -> isUnknown(context, name))
                .findFirst();
    }

    private static boolean isUnknown(Context context, String name) {
        String bare = name.substring(name.indexOf(':') + 1);
        return (name.startsWith(ExtendedParser.FILTER_PREFIX) && context.getFilter(bare) == null)
                || (name.startsWith(ExtendedParser.EXPTEST_PREFIX) && context.getExpTest(bare) == null);
    }
}
