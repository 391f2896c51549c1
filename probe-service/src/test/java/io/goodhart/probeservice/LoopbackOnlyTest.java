package io.goodhart.probeservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class LoopbackOnlyTest {
    @Test
    void addressesThatOthersReachAreRefused() throws UnknownHostException {
        InetAddress outside = InetAddress.getByAddress(new byte[] {10, 0, 0, 1});
        assertThatThrownBy(() -> new LoopbackOnly(outside)).hasMessageContaining("10.0.0.1");
        assertThatThrownBy(() -> new LoopbackOnly(null)).hasMessageContaining("every interface");
    }

    @Test
    void loopbackAddressIsServed() {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        assertThat(new LoopbackOnly(loopback).address()).isEqualTo(loopback);
    }
}
