package io.goodhart.probeservice;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** By itself the service knows no callers, so it serves the machine that it runs on and nobody else. */
record LoopbackOnly(@Nullable InetAddress address) {
    /**
     * Checks the address that the service is about to listen on.
     *
     * @param address null for every interface
     * @throws IllegalStateException if it can be reached from elsewhere
     */
    LoopbackOnly {
        if (address == null || !address.isLoopbackAddress()) {
            throw new IllegalStateException(
                    "The probe service has no API keys of its own and refuses to listen on %s: set server.address to 127.0.0.1"
                                    .formatted(address == null ? "every interface" : address.getHostAddress())
                            + ", or run it inside the standalone server, whose keys cover it");
        }
    }
}
