package io.goodhart.api.openapi;

import io.goodhart.api.problem.ProblemDocument;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the OpenAPI document says beside its operations. */
@Configuration(proxyBeanMethods = false)
public class OpenApiConfiguration {
    private static final String KEY = "api_key";
    private static final String PROBLEM = "problem";

    @Bean
    ModelConverter wireSchemas() {
        return new WireSchemas();
    }

    @Bean
    OpenAPI goodhartOpenApi() {
        SecurityScheme scheme = new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("An API key; not asked for where the service listens on the loopback interface only");
        return new OpenAPI()
                .info(new Info()
                        .title("Goodhart")
                        .version("1")
                        .description("Fine-tunes language models against probes and tells whether the probes survive")
                        .license(new License()
                                .name("Apache-2.0")
                                .url("https://www.apache.org/licenses/LICENSE-2.0.txt")))
                .servers(List.of(new Server().url("/")))
                .components(new Components().addSecuritySchemes(KEY, scheme))
                .security(List.of(new SecurityRequirement(), new SecurityRequirement().addList(KEY)));
    }

    /** Every operation may answer with a problem; all comes in the order of its names, so that documents compare. */
    @Bean
    OpenApiCustomizer problemsEverywhere() {
        return document -> {
            Components components = document.getComponents();
            ResolvedSchema problem = ModelConverters.getInstance(true)
                    .resolveAsResolvedSchema(new AnnotatedType(ProblemDocument.class).resolveAsRef(true));
            problem.referencedSchemas.forEach(components::addSchemas);
            components.addResponses(
                    PROBLEM,
                    new ApiResponse()
                            .description("Refused or failed; RFC 9457")
                            .content(new Content()
                                    .addMediaType("application/problem+json", new MediaType().schema(problem.schema))));
            document.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(OpenApiConfiguration::addProblem);
            components.setSchemas(new TreeMap<>(components.getSchemas()));
            Paths sorted = new Paths();
            new TreeMap<>(document.getPaths()).forEach(sorted::addPathItem);
            document.setPaths(sorted);
            document.setTags(document.getTags().stream()
                    .sorted(Comparator.comparing(Tag::getName))
                    .toList());
        };
    }

    private static void addProblem(Operation operation) {
        operation.getResponses().addApiResponse("default", new ApiResponse().$ref(PROBLEM));
    }
}
