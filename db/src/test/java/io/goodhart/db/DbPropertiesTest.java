package io.goodhart.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class DbPropertiesTest {
    private static DbProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings)).bindOrCreate("goodhart.db", DbProperties.class);
    }

    @Test
    void defaultsAreThoseOfASmallInstallation() {
        assertThat(bind(Map.of()))
                .isEqualTo(new DbProperties(
                        true,
                        Duration.ofSeconds(1),
                        true,
                        Duration.ofSeconds(5),
                        3,
                        Duration.ofSeconds(5),
                        Duration.ofMinutes(5)));
    }

    @Test
    void everySettingIsTaken() {
        assertThat(bind(Map.of(
                        "goodhart.db.listen", "false",
                        "goodhart.db.poll-interval", "200ms",
                        "goodhart.db.sweep", "false",
                        "goodhart.db.sweep-interval", "2s",
                        "goodhart.db.max-attempts", "7",
                        "goodhart.db.retry-pause", "0s",
                        "goodhart.db.longest-retry-pause", "9s")))
                .isEqualTo(new DbProperties(
                        false,
                        Duration.ofMillis(200),
                        false,
                        Duration.ofSeconds(2),
                        7,
                        Duration.ZERO,
                        Duration.ofSeconds(9)));
    }

    @ParameterizedTest
    @CsvSource({"poll-interval,0s", "sweep-interval,-1s", "longest-retry-pause,0s", "retry-pause,-1s", "max-attempts,0"
    })
    void valuesThatCannotWorkAreRefused(String name, String value) {
        assertThatThrownBy(() -> bind(Map.of("goodhart.db." + name, value)))
                .isInstanceOf(BindException.class)
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .rootCause()
                .hasMessageContaining(name);
    }

    @Test
    void pauseDoublesUpToItsLimit() {
        DbProperties properties = bind(Map.of("goodhart.db.longest-retry-pause", "15s"));
        assertThat(properties.pauseAfter(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(properties.pauseAfter(2)).isEqualTo(Duration.ofSeconds(10));
        assertThat(properties.pauseAfter(3)).isEqualTo(Duration.ofSeconds(15));
        assertThat(properties.pauseAfter(1000)).isEqualTo(Duration.ofSeconds(15));
    }
}
