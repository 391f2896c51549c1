package io.goodhart.modelfiles.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** From where an address can be reached. Redirects must not lead into networks that the one who redirects cannot see. */
enum Reach {
    /** This machine. */
    LOOPBACK,
    /** Neighbours on a wire, and what a cloud tells a machine about itself. */
    LINK,
    /** A private network: RFC 1918, RFC 4193 and RFC 6598. */
    PRIVATE,
    /** Everybody. */
    PUBLIC;

    /** The nearest of the addresses of a host; what this machine cannot resolve is nothing near. */
    static Reach of(String host) {
        try {
            return Arrays.stream(InetAddress.getAllByName(host))
                    .map(Reach::of)
                    .min(Enum::compareTo)
                    .orElse(PUBLIC);
        } catch (UnknownHostException e) {
            return PUBLIC;
        }
    }

    private static Reach of(InetAddress address) {
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return LOOPBACK;
        }
        if (address.isLinkLocalAddress() || address.isMulticastAddress()) {
            return LINK;
        }
        return address.isSiteLocalAddress() || isShared(address.getAddress()) ? PRIVATE : PUBLIC;
    }

    /** 100.64.0.0/10 and fc00::/7. */
    private static boolean isShared(byte[] bytes) {
        return bytes.length == 4 ? bytes[0] == 100 && (bytes[1] & 0xC0) == 64 : (bytes[0] & 0xFE) == 0xFC;
    }
}
