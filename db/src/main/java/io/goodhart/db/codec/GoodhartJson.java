package io.goodhart.db.codec;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskKey;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.LossType;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ProbeTextSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * The one JSON form of the domain: snake_case names, lower-case enums, sealed types by a discriminator, absent values left
 * out, maps in their own order. Reading is strict: a field that does not exist, a value of another type or a key that
 * comes twice is refused with the path of the field, never dropped.
 */
public final class GoodhartJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new DomainIntrospector())
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .changeDefaultPropertyInclusion(inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_NULL))
            .addModule(new SimpleModule("goodhart")
                    .addSerializer(TaskKey.class, TextForm.writer(TaskKey.class, TaskKey::sha256))
                    .addDeserializer(TaskKey.class, TextForm.reader(TaskKey.class, TaskKey::new))
                    .addSerializer(ArtifactId.class, TextForm.writer(ArtifactId.class, ArtifactId::sha256))
                    .addDeserializer(ArtifactId.class, TextForm.reader(ArtifactId.class, ArtifactId::new)))
            .addMixIn(ProbeSpec.class, LayerByNameOrNumber.class)
            .addMixIn(AdapterSpec.class, OneModuleOrMany.class)
            .addMixIn(TrainingSpec.class, OneLossOrMany.class)
            .addMixIn(LabelledTextSpec.class, OneLabelOrMany.class)
            .addMixIn(ProbeTextSpec.class, OneLabelOrMany.class)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS) // told apart below
            .enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .withCoercionConfig(
                    LogicalType.Textual,
                    config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private GoodhartJson() {}

    /** The mapper itself, for frameworks that want one. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /**
     * Reads one value.
     *
     * @throws InvalidInputException with code {@code unknown_field}, {@code wrong_type}, {@code missing_field}, {@code
     *     unknown_kind} or {@code malformed_json}, and the dotted path of the field
     */
    public static <T> T read(Class<T> type, String json) {
        return whole(type, MAPPER.createParser(json), MAPPER.constructType(type));
    }

    /** Reads one value from bytes in UTF-8. See {@link #read(Class, String)}. */
    public static <T> T read(Class<T> type, InputStream json) {
        return whole(type, MAPPER.createParser(json), MAPPER.constructType(type));
    }

    /**
     * Reads one value from a tree: a {@link JsonNode}, or maps, lists and scalars such as a YAML parser gives. See {@link
     * #read(Class, String)}.
     */
    public static <T> T readTree(Class<T> type, Object tree) {
        return whole(type, MAPPER.treeAsTokens(MAPPER.<JsonNode>valueToTree(tree)), MAPPER.constructType(type));
    }

    /** Reads a list of values. See {@link #read(Class, String)}. */
    public static <T> List<T> readList(Class<T> element, String json) {
        return whole(
                element,
                MAPPER.createParser(json),
                MAPPER.getTypeFactory().constructCollectionType(List.class, element));
    }

    /** Reads any JSON as a tree. See {@link #read(Class, String)}. */
    public static JsonNode tree(String json) {
        return read(JsonNode.class, json);
    }

    /** Writes on one line. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    @SuppressWarnings(
            "TypeParameterUnusedInFormals") // the Java type says what T is; Jackson's own method is no stricter
    private static <T> T whole(Class<?> type, JsonParser parser, JavaType javaType) {
        try (parser) {
            return withinOpenParser(type, parser, javaType);
        }
    }

    @SuppressWarnings("TypeParameterUnusedInFormals")
    private static <T> T withinOpenParser(Class<?> type, JsonParser parser, JavaType javaType) {
        try {
            if (parser.nextToken() == null) {
                throw Refusals.malformed("The text is empty");
            }
            @Nullable T value = MAPPER.readValue(parser, javaType);
            if (parser.nextToken() != null) {
                throw Refusals.malformed("Something follows the end of the value");
            }
            if (value == null) {
                throw Refusals.absent(type);
            }
            return value;
        } catch (JacksonException e) {
            throw Refusals.of(e);
        }
    }

    /** {@code layer: best} and {@code layer: 5} are both written by people. */
    @SuppressWarnings("UnusedVariable") // only Jackson reads a mix-in
    private abstract static class LayerByNameOrNumber {
        @JsonDeserialize(using = TextForm.NameOrNumber.class)
        @Nullable
        String layer;
    }

    /** {@code loss_type: hinge} and {@code loss_type: [sigmoid, sft]}. */
    @SuppressWarnings("UnusedVariable") // only Jackson reads a mix-in
    private abstract static class OneLossOrMany {
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable
        List<LossType> lossType;
    }

    /** {@code positive: Toxic} and {@code positive: [Toxic, Insult]}. */
    @SuppressWarnings("UnusedVariable") // only Jackson reads a mix-in
    private abstract static class OneLabelOrMany {
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable
        List<String> positive;
    }

    /** {@code target_modules: all-linear} and {@code target_modules: [q_proj, v_proj]}. */
    @SuppressWarnings("UnusedVariable") // only Jackson reads a mix-in
    private abstract static class OneModuleOrMany {
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        @Nullable
        List<String> targetModules;
    }
}
