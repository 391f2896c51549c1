package io.goodhart.api.openapi;

import io.goodhart.api.worker.WorkerProperties;
import io.goodhart.db.experiment.Page;
import io.goodhart.db.experiment.ProbeId;
import io.goodhart.db.experiment.ProbeView;
import io.goodhart.db.experiment.Probes;
import io.goodhart.domain.NotFoundException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;

/** Everything that the controllers need and that is not the database. */
@TestConfiguration(proxyBeanMethods = false)
@ComponentScan(
        basePackages = {
            "io.goodhart.api.dataset",
            "io.goodhart.api.experiment",
            "io.goodhart.api.model",
            "io.goodhart.api.task",
            "io.goodhart.api.worker"
        },
        nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class,
        useDefaultFilters = false,
        includeFilters =
                @ComponentScan.Filter(
                        type = FilterType.REGEX,
                        pattern = ".*\\.(ExperimentConfiguration|ExperimentCheck|Submissions|LiveWorkers|TaskLogs"
                                + "|ModelConfiguration|RegisteredModels|Registrations|ModelUploads"
                                + "|DatasetConfiguration|RegisteredDatasets|Registrar)"))
@EnableConfigurationProperties(WorkerProperties.class)
class SliceServices {
    @Bean
    Probes probes() {
        return new Probes() {
            @Override
            public ProbeView get(ProbeId id) {
                throw new NotFoundException("There is no probe " + id);
            }

            @Override
            public Page<ProbeView> list(int limit, @Nullable ProbeId after) {
                return new Page<>(List.of(), false);
            }
        };
    }
}
