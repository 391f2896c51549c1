package io.goodhart.modelfiles.tokenize;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.json.JsonFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** tokenizer.json of a model: text to token ids and back. Never pads, and truncates only when asked. Thread-safe. */
public final class Tokenizer implements AutoCloseable {
    /** Its file in a model directory. */
    public static final String FILE = "tokenizer.json";

    private static final String CONFIG = "tokenizer_config.json";

    /** Tokenizers in the forms that transformers makes {@value #FILE} of. */
    private static final List<String> OTHER_FILES =
            List.of("tokenizer.model", "spiece.model", "vocab.json", "vocab.txt");

    private static final String INVALID = "tokenizer_invalid";

    private final HuggingFaceTokenizer tokenizer;
    private final Vocabulary vocabulary;
    private final JsonNode config;

    private Tokenizer(HuggingFaceTokenizer tokenizer, Vocabulary vocabulary, JsonNode config) {
        this.tokenizer = tokenizer;
        this.vocabulary = vocabulary;
        this.config = config;
    }

    /**
     * Checks that a directory has a tokenizer.
     *
     * @throws InvalidInputException if it has none, or one of another kind
     */
    public static void requireFile(Path directory) {
        if (Files.isRegularFile(directory.resolve(FILE))) {
            return;
        }
        String other = OTHER_FILES.stream()
                .filter(name -> Files.exists(directory.resolve(name)))
                .findFirst()
                .map(name -> "; %s is not read: save_pretrained of transformers' AutoTokenizer makes %s of it"
                        .formatted(name, FILE))
                .orElse("");
        throw new InvalidInputException(
                new Problem("tokenizer_missing", FILE, "There is no file %s%s".formatted(FILE, other)));
    }

    /**
     * Opens the tokenizer of a model directory.
     *
     * @throws InvalidInputException if tokenizer.json is missing or cannot be read
     */
    public static Tokenizer open(Path directory) throws IOException {
        requireFile(directory);
        Path file = directory.resolve(FILE);
        Vocabulary vocabulary = Vocabulary.read(parse(file));
        JsonNode config = Files.isRegularFile(directory.resolve(CONFIG))
                ? parse(directory.resolve(CONFIG))
                : JsonMapper.shared().createObjectNode();
        Map<String, String> options = Map.of("truncation", "false", "padding", "false");
        try {
            return new Tokenizer(HuggingFaceTokenizer.newInstance(file, options), vocabulary, config);
        } catch (RuntimeException e) { // the native library has one unchecked type for every fault of the file
            throw new InvalidInputException(
                    new Problem(INVALID, FILE, "tokenizer.json cannot be used: " + e.getMessage()));
        }
    }

    /**
     * Whether a model of this vocabulary has a row for every id that tokenizer.json gives to a piece of text. A special token may
     * lie beyond, as the image token of text-only Gemma 3 does: it takes its literal name to produce it.
     *
     * @return what is wrong
     */
    public static Optional<Problem> vocabularyProblem(Path directory, int vocabulary) throws IOException {
        int needed = Vocabulary.read(parse(directory.resolve(FILE))).ordinarySize();
        return needed <= vocabulary
                ? Optional.empty()
                : Optional.of(new Problem(
                        "tokenizer_vocabulary_mismatch",
                        FILE,
                        "%s has token ids up to %d, but vocab_size of config.json is %d: tokenizer and model do not belong together"
                                .formatted(FILE, needed - 1, vocabulary)));
    }

    private static JsonNode parse(Path file) throws IOException {
        try {
            return JsonMapper.shared().readTree(Files.readAllBytes(file));
        } catch (JacksonException e) {
            String name = String.valueOf(file.getFileName());
            throw new InvalidInputException(
                    new Problem(INVALID, name, name + " is not valid JSON: " + JsonFault.of(e)));
        }
    }

    /** Whether the tokens that the model expects around a text ({@code <bos>}, {@code <s>}, …) are added. */
    public enum Specials {
        ADDED,
        LEFT_OUT
    }

    /** Token ids of a text. */
    public int[] encode(String text, Specials specials) {
        return toInts(tokenizer.encode(text, specials == Specials.ADDED, false).getIds());
    }

    /** Token ids of a text, cut at its end so that no more than this many are left, added ones included. */
    public int[] encode(String text, Specials specials, int maxLength) {
        return encodeWithPlaces(text, specials).truncated(maxLength);
    }

    /** Token ids of a text with the place of each token. */
    public Encoded encodeWithPlaces(String text, Specials specials) {
        Encoding encoding = tokenizer.encode(text, specials == Specials.ADDED, false);
        long[] added = encoding.getSpecialTokenMask();
        CharSpan[] spans = encoding.getCharTokenSpans();
        int[] places = utf16Places(text);
        int[] starts = new int[added.length];
        int[] ends = new int[added.length];
        BitSet special = new BitSet(added.length);
        for (int i = 0; i < added.length; i++) {
            special.set(i, added[i] != 0);
            CharSpan span = spans[i];
            starts[i] = span == null ? 0 : places[span.getStart()];
            ends[i] = span == null ? 0 : places[span.getEnd()];
        }
        return new Encoded(toInts(encoding.getIds()), starts, ends, special);
    }

    /** For each code point of a text, and for its end, the index of its first unit. */
    private static int[] utf16Places(String text) {
        int[] places = new int[text.codePointCount(0, text.length()) + 1];
        int unit = 0;
        for (int i = 1; i < places.length; i++) {
            unit += Character.charCount(text.codePointAt(unit));
            places[i] = unit;
        }
        return places;
    }

    /** Token ids of two texts, as the model expects a pair. */
    public EncodedPair encodePair(String first, String second) {
        Encoding encoding = tokenizer.encode(first, second, true, false);
        long[] added = encoding.getSpecialTokenMask();
        BitSet special = new BitSet(added.length);
        for (int i = 0; i < added.length; i++) {
            special.set(i, added[i] != 0);
        }
        int firstLength = encode(first, Specials.LEFT_OUT).length;
        return new EncodedPair(toInts(encoding.getIds()), toInts(encoding.getTypeIds()), special, firstLength);
    }

    /** The text of token ids, special ones left out. */
    public String decode(int[] ids) {
        return tokenizer.decode(toLongs(ids), true);
    }

    /** The text of token ids, special ones written out. */
    public String decodeWithSpecials(int[] ids) {
        return tokenizer.decode(toLongs(ids), false);
    }

    /** Id of a token by its exact name. */
    public OptionalInt id(String token) {
        return vocabulary.id(token);
    }

    /** Number of ids: the largest one plus 1. */
    public int vocabularySize() {
        return vocabulary.size();
    }

    /** Id of the token that begins a text, if tokenizer_config.json names one. */
    public OptionalInt beginningId() {
        return special("bos_token");
    }

    /** Id of the token that ends a text, if tokenizer_config.json names one. */
    public OptionalInt endId() {
        return special("eos_token");
    }

    /** Id of the padding token, if tokenizer_config.json names one. */
    public OptionalInt paddingId() {
        return special("pad_token");
    }

    private OptionalInt special(String key) {
        JsonNode value = config.path(key);
        String token = value.isObject() ? value.path("content").asString("") : value.asString("");
        return token.isEmpty() ? OptionalInt.empty() : id(token);
    }

    /** Longest text in tokens that the model was made for, if tokenizer_config.json says so. */
    public OptionalInt maxLength() {
        JsonNode value = config.path("model_max_length");
        boolean said = value.isIntegralNumber() && value.canConvertToInt() && value.asInt() > 0;
        return said ? OptionalInt.of(value.asInt()) : OptionalInt.empty(); // "none" is written as 1e30
    }

    /** Names of the special tokens, such as {@code <bos>}. */
    public List<String> specialTokens() {
        return vocabulary.specialTokens();
    }

    private static int[] toInts(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }

    private static long[] toLongs(int[] ids) {
        return Arrays.stream(ids).asLongStream().toArray();
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
