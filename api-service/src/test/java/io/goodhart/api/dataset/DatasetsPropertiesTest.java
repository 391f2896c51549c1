package io.goodhart.api.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

class DatasetsPropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(Map.of()).maxSize()).isEqualTo(DataSize.ofGigabytes(4));
    }

    @Test
    void fullMapping() {
        assertThat(bind(Map.of("goodhart.datasets.max-size", "3MB")).maxSize()).isEqualTo(DataSize.ofMegabytes(3));
    }

    @Test
    void sizeMustBePositive() {
        assertThatThrownBy(() -> bind(Map.of("goodhart.datasets.max-size", "0MB")))
                .rootCause()
                .hasMessageContaining("goodhart.datasets.max-size must be positive");
    }

    private static DatasetsProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("goodhart.datasets", DatasetsProperties.class);
    }
}
