package io.goodhart.api.security;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Refuses to start a service that anybody on the network could use without a key. */
final class ListenGuard {
    private ListenGuard() {}

    /**
     * Checks the address that the service is about to listen on.
     *
     * @param address null for every interface
     * @throws IllegalStateException if the address can be reached from elsewhere and no key is configured
     */
    static void check(@Nullable InetAddress address, SecurityProperties security) {
        boolean local = address != null && address.isLoopbackAddress();
        if (!local && security.keys().isEmpty()) {
            throw new IllegalStateException(
                    "Refusing to listen on %s without API keys: set goodhart.api.security.keys, or server.address to 127.0.0.1"
                            .formatted(address == null ? "every interface" : address.getHostAddress()));
        }
    }
}
