package io.goodhart.api.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.modelfiles.source.HubSettings.Mode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

class ModelsPropertiesTest {
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(ModelsProperties.class)
    static class Settings {}

    private static ApplicationContextRunner runner(String... properties) {
        return new ApplicationContextRunner()
                .withUserConfiguration(Settings.class)
                .withPropertyValues(properties);
    }

    @Test
    void theHubIsThePublicOneAndModelsLieBelowTheRootUnlessSaidOtherwise() {
        runner().run(context -> {
            ModelsProperties properties = context.getBean(ModelsProperties.class);
            assertThat(properties.cache()).isEqualTo("models/registered");
            assertThat(properties.lease()).isEqualTo(Duration.ofMinutes(1));
            assertThat(properties.maxSize()).isEqualTo(DataSize.ofGigabytes(64));
            assertThat(properties.hub().settings().endpoint()).hasToString("https://huggingface.co");
            assertThat(properties.hub().settings().token()).isEmpty();
            assertThat(properties.hub().settings().mode()).isEqualTo(Mode.ONLINE);
        });
    }

    @Test
    void everyValueCanBeSetAndTheTokenIsNeverWritten() {
        runner(
                        "goodhart.models.cache=hub",
                        "goodhart.models.lease=10s",
                        "goodhart.models.poll=1s",
                        "goodhart.models.max-size=1GB",
                        "goodhart.models.hub.endpoint=http://localhost:1",
                        "goodhart.models.hub.token=hf_secret",
                        "goodhart.models.hub.offline=true",
                        "goodhart.models.hub.attempts=2",
                        "goodhart.models.hub.backoff=2s",
                        "goodhart.models.hub.timeout=3s")
                .run(context -> {
                    ModelsProperties properties = context.getBean(ModelsProperties.class);
                    assertThat(properties.cache()).isEqualTo("hub");
                    assertThat(properties.maxSize()).isEqualTo(DataSize.ofGigabytes(1));
                    assertThat(properties.hub().settings().token()).contains("hf_secret");
                    assertThat(properties.hub().settings().mode()).isEqualTo(Mode.OFFLINE);
                    assertThat(properties.hub().settings().timeout()).isEqualTo(Duration.ofSeconds(3));
                    assertThat(properties.toString()).doesNotContain("secret");
                });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "goodhart.models.cache=/srv/models",
                "goodhart.models.cache=../models",
                "goodhart.models.cache=",
                "goodhart.models.max-size=0",
                "goodhart.models.hub.endpoint=ftp://x",
                "goodhart.models.hub.attempts=0",
                "goodhart.models.hub.tokn=x"
            })
    void whatCannotBeIsRefused(String property) {
        runner(property).run(context -> assertThat(context).hasFailed());
    }
}
