package io.goodhart.modelfiles.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReachTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, LOOPBACK",
        "0.0.0.0, LOOPBACK",
        "::1, LOOPBACK",
        "::ffff:127.0.0.1, LOOPBACK",
        "169.254.169.254, LINK",
        "fe80::1, LINK",
        "224.0.0.1, LINK",
        "10.1.2.3, PRIVATE",
        "172.31.0.1, PRIVATE",
        "192.168.1.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "100.127.255.255, PRIVATE",
        "fd00::1, PRIVATE",
        "100.128.0.1, PUBLIC",
        "172.32.0.1, PUBLIC",
        "8.8.8.8, PUBLIC",
        "2001:4860:4860::8888, PUBLIC"
    })
    void anAddressIsReachedFromItsNetwork(String address, Reach reach) {
        assertThat(Reach.of(address)).isEqualTo(reach);
    }
}
