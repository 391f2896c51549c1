package io.goodhart.api.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.api.facts.FactsConfiguration;
import io.goodhart.api.fake.ApiSlice;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springdoc.core.configuration.SpringDocConfiguration;
import org.springdoc.core.properties.SpringDocConfigProperties;
import org.springdoc.webmvc.core.configuration.MultipleOpenApiSupportConfiguration;
import org.springdoc.webmvc.core.configuration.SpringDocWebMvcConfiguration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Clients are generated from the document, so every change of it is made knowingly: -Dgolden.update=true writes it anew. */
@WebMvcTest
@Import({ApiSlice.class, SliceServices.class, FactsConfiguration.class, OpenApiConfiguration.class})
@ImportAutoConfiguration({
    SpringDocConfiguration.class,
    SpringDocConfigProperties.class,
    SpringDocWebMvcConfiguration.class,
    MultipleOpenApiSupportConfiguration.class
})
class OpenApiGoldenTest {
    private static final Path GOLDEN =
            Fixtures.root().resolve("api-service/src/test/resources/io/goodhart/api/openapi/openapi.yaml");

    @Autowired
    private MockMvcTester mvc;

    @Test
    void theDocumentIsTheOneThatWasReviewed() throws IOException {
        String actual = new String(
                mvc.get().uri("/v3/api-docs.yaml").exchange().getResponse().getContentAsByteArray(),
                StandardCharsets.UTF_8);
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(GOLDEN.getParent());
            Files.writeString(GOLDEN, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(GOLDEN));
    }

    @Test
    void aSealedTypeIsAOneOfWithItsDiscriminatorAndNoCycle() {
        JsonNode arm = schema("ArmSpec");
        assertThat(arm.at("/discriminator/propertyName").asString()).isEqualTo("method");
        assertThat(arm.at("/discriminator/mapping/probe_sft").asString())
                .isEqualTo("#/components/schemas/ArmSpecProbeSft");
        assertThat(arm.get("oneOf").size()).isEqualTo(ArmSpec.methods().size());
        JsonNode member = schema("ArmSpecProbeSft");
        assertThat(member.at("/properties/method/type").asString()).isEqualTo("string");
        assertThat(member.at("/properties/method").has("enum")).isFalse();
        assertThat(strings(member.get("required"))).containsExactly("method");
        assertThat(member.toString()).doesNotContain("allOf");
    }

    @Test
    void whatASpecificationMustHaveIsRequiredAndNothingElse() {
        assertThat(strings(schema("ExperimentSpec").get("required")))
                .containsExactlyInAnyOrder(
                        "spec_version", "name", "model", "behaviour", "prompts", "probes", "arms", "seeds");
        assertThat(schema("ExperimentSpec").get("additionalProperties").asBoolean())
                .isFalse();
        assertThat(schema("ResponseSpec").has("required")).isFalse();
    }

    @Test
    void whatMayBeAbsentFromAnAnswerIsNullableAndNotRequired() {
        JsonNode run = schema("Run");
        assertThat(strings(run.get("required"))).contains("id", "state").doesNotContain("ended_at", "failure");
        assertThat(strings(run.at("/properties/ended_at/type"))).containsExactlyInAnyOrder("string", "null");
        assertThat(run.at("/properties/id/type").asString()).isEqualTo("string");
        assertThat(strings(run.at("/properties/state/enum"))).contains("queued", "cancelled");
    }

    @Test
    void anEnumerationThatMayBeNullSaysSo() {
        JsonNode combine = schema("ArmSpecDpo").at("/properties/combine");
        assertThat(strings(combine.get("type"))).containsExactly("string", "null");
        assertThat(combine.get("enum").valueStream()).anyMatch(JsonNode::isNull);
    }

    @Test
    void whatIsReadInTwoFormsIsDocumentedInBoth() {
        assertThat(strings(schema("ProbeSpec").at("/properties/layer/type"))).containsExactly("string", "integer");
        assertThat(strings(schema("AdapterSpec").at("/properties/target_modules/type")))
                .containsExactly("array", "string");
    }

    @Test
    void everyOperationHasAnIdOfItsOwnAndMayAnswerWithAProblem() {
        JsonNode paths = document().get("paths");
        List<String> ids = paths.findValuesAsString("operationId");
        assertThat(ids).doesNotHaveDuplicates().hasSizeGreaterThan(15).noneMatch(id -> id.matches(".*_\\d+"));
        assertThat(paths.findValues("responses")).allMatch(responses -> responses.has("default"));
    }

    private JsonNode schema(String name) {
        JsonNode schema = document().at("/components/schemas/" + name);
        assertThat(schema.isObject()).as(name).isTrue();
        return schema;
    }

    private JsonNode document() {
        return JsonMapper.shared()
                .readTree(mvc.get().uri("/v3/api-docs").exchange().getResponse().getContentAsByteArray());
    }

    private static List<String> strings(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }
}
