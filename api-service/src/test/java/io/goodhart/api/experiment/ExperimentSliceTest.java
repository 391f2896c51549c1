package io.goodhart.api.experiment;

import io.goodhart.api.facts.DatasetNames;
import io.goodhart.api.facts.FactsConfiguration;
import io.goodhart.api.facts.ModelNames;
import io.goodhart.api.fake.ApiSlice;
import io.goodhart.api.fake.FakeExperiments;
import io.goodhart.api.fake.FakeWorkers;
import io.goodhart.api.fake.SampleFiles;
import io.goodhart.api.fake.SampleSpecs;
import io.goodhart.api.worker.LiveWorkers;
import io.goodhart.api.worker.WorkerProperties;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.queue.WorkerId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The experiments' controllers with everything behind them but the database. */
@WebMvcTest({ExperimentController.class, EventController.class, ReportController.class, ComparisonController.class})
@Import({
    ApiSlice.class,
    ExperimentConfiguration.class,
    ExperimentCheck.class,
    Submissions.class,
    FactsConfiguration.class,
    ExperimentSliceTest.NoNames.class,
    LiveWorkers.class
})
@EnableConfigurationProperties(WorkerProperties.class)
abstract class ExperimentSliceTest {
    static final long GIBIBYTE = 1L << 30;

    @Autowired
    MockMvcTester mvc;

    @Autowired
    FakeExperiments experiments;

    @Autowired
    FakeWorkers workers;

    @DynamicPropertySource
    static void files(DynamicPropertyRegistry registry) {
        registry.add("goodhart.files.root", () -> SampleFiles.root().toString());
        registry.add("goodhart.judges.politeness.url", () -> "http://127.0.0.1:9/judge");
        registry.add("goodhart.api.events.poll-interval", () -> "5ms");
        registry.add("goodhart.api.events.heartbeat", () -> "40ms");
    }

    @BeforeEach
    void startAfresh() {
        experiments.clear();
        workers.clear();
        workers.register(new WorkerId(new UUID(0, 1)), "host", "cpu", 16 * GIBIBYTE);
    }

    MvcTestResult submit(String json) {
        return mvc.post()
                .uri("/v1/experiments")
                .contentType(MediaType.APPLICATION_JSON)
                .content(json)
                .exchange();
    }

    /** Queues the sample experiment. */
    ExperimentId submitted() {
        JsonNode body = body(submit(SampleSpecs.valid()));
        return ExperimentId.parse(body.get("id").asString());
    }

    static JsonNode body(MvcTestResult result) {
        return JsonMapper.shared().readTree(result.getResponse().getContentAsByteArray());
    }

    /** Nothing is registered. */
    @TestConfiguration(proxyBeanMethods = false)
    static class NoNames {
        @Bean
        ModelNames names() {
            return (_, _) -> Optional.empty();
        }

        @Bean
        DatasetNames datasetNames() {
            return new DatasetNames() {
                @Override
                public Optional<Named> find(String text) {
                    return Optional.empty();
                }

                @Override
                public List<String> names() {
                    return List.of("sentences");
                }
            };
        }
    }
}
