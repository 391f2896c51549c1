package io.goodhart.probeservice;

import io.goodhart.db.experiment.Probes;
import io.goodhart.probeservice.catalog.ProbeCatalog;
import io.goodhart.probeservice.child.ScoreChild;
import io.goodhart.probeservice.oip.ServiceHealth;
import io.goodhart.probeservice.refusal.Bodies;
import io.goodhart.probeservice.score.TextScoring;
import io.goodhart.storage.ArtifactStore;
import io.goodhart.storage.DirectoryArtifactStore;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.FullyQualifiedAnnotationBeanNameGenerator;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Serves probes. Needs the database's probes, and makes an artifact store if there is none. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProbeServiceProperties.class)
@ComponentScan(
        nameGenerator = FullyQualifiedAnnotationBeanNameGenerator.class,
        useDefaultFilters = false,
        includeFilters = @ComponentScan.Filter({RestController.class, RestControllerAdvice.class}))
public class ProbeServiceConfiguration {
    /** Directories are texts here because Spring would look for a relative path on the class path first. */
    @Bean
    @ConditionalOnMissingBean
    ArtifactStore probeArtifactStore(@Value("${goodhart.storage.directory:artifacts}") String directory)
            throws IOException {
        return new DirectoryArtifactStore(Path.of(directory));
    }

    @Bean
    ProbeCatalog probeCatalog(Probes probes, ArtifactStore store) {
        return new ProbeCatalog(probes, store);
    }

    @Bean(destroyMethod = "close")
    ScoreChild scoreChild(ProbeServiceProperties properties) {
        return new ScoreChild(properties.threads(), properties.heap().toMegabytes(), properties.timeout());
    }

    @Bean
    TextScoring textScoring(
            ProbeCatalog catalog,
            ScoreChild child,
            ProbeServiceProperties properties,
            @Value("${goodhart.files.root:.}") String filesRoot) {
        Path files = Path.of(filesRoot).toAbsolutePath().normalize();
        return new TextScoring(catalog, child, files, properties.maxTexts());
    }

    @Bean
    Bodies probeServiceBodies(ProbeServiceProperties properties) {
        return new Bodies(properties.maxRequest());
    }

    /** The protocol's health is the actuator's under another name. */
    @Bean
    ServiceHealth probeServiceHealth(HealthEndpoint actuator) {
        return group -> {
            HealthDescriptor health = actuator.healthForPath(group.actuatorName());
            return health == null || health.getStatus().equals(Status.UP);
        };
    }
}
