package io.goodhart.api.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class SecurityPropertiesTest {
    private static final String SECRET = "0123456789abcdef01234567";
    private static final String KEY = "goodhart.api.security.keys[0].";

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withUserConfiguration(SecurityConfiguration.class)
            .withPropertyValues("server.address=127.0.0.1");

    @Test
    void byDefaultThereAreNoKeys() {
        runner.run(context ->
                assertThat(context.getBean(SecurityProperties.class).keys()).isEmpty());
    }

    @Test
    void everyPropertyIsRead() {
        runner.withPropertyValues(KEY + "name=ann", KEY + "role=submitter", KEY + "secret=" + SECRET)
                .run(context -> assertThat(
                                context.getBean(SecurityProperties.class).keys())
                        .containsExactly(new ApiKey("ann", Role.SUBMITTER, SECRET)));
    }

    @Test
    void weakTwiceNamedOrUnknownSettingsAreRefused() {
        runner.withPropertyValues(KEY + "name=ann", KEY + "role=reader", KEY + "secret=short")
                .run(context -> assertThat(context).hasFailed());
        runner.withPropertyValues(KEY + "name=ann", KEY + "role=owner", KEY + "secret=" + SECRET)
                .run(context -> assertThat(context).hasFailed());
        runner.withPropertyValues("goodhart.api.security.enabled=false")
                .run(context -> assertThat(context).hasFailed());
        ApiKey key = new ApiKey("ann", Role.READER, SECRET);
        assertThatThrownBy(() -> new SecurityProperties(List.of(key, key))).hasMessageContaining("ann");
    }

    @Test
    void aServiceThatOthersCanReachDoesNotStartWithoutKeys() {
        runner.withPropertyValues("server.address=0.0.0.0")
                .run(context -> assertThat(context)
                        .getFailure()
                        .rootCause()
                        .hasMessageContaining("goodhart.api.security.keys"));
        runner.withPropertyValues(
                        "server.address=0.0.0.0", KEY + "name=ann", KEY + "role=admin", KEY + "secret=" + SECRET)
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void noAddressMeansEveryInterface() {
        assertThatThrownBy(() -> ListenGuard.check(null, new SecurityProperties(List.of())))
                .hasMessageContaining("every interface");
        ListenGuard.check(InetAddress.getLoopbackAddress(), new SecurityProperties(List.of()));
    }

    @Test
    void aKeysTextFormHidesItsSecret() {
        assertThat(new SecurityProperties(List.of(new ApiKey("ann", Role.READER, SECRET))).toString())
                .contains("ann")
                .doesNotContain(SECRET);
    }
}
