package io.goodhart.api.security;

import io.goodhart.domain.Hashes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * One caller's key. Its text form hides the secret, so a key cannot reach a log by accident.
 *
 * @param name who holds it; appears in logs
 * @param role what it may do
 * @param secret what the caller sends, at least 24 characters
 */
public record ApiKey(String name, Role role, String secret) {
    private static final int SHORTEST = 24;

    public ApiKey {
        if (name.isBlank()) {
            throw new IllegalArgumentException("An API key needs a name");
        }
        if (secret.length() < SHORTEST || !secret.equals(secret.strip())) {
            throw new IllegalArgumentException(
                    "The secret of API key %s needs at least %d characters and no white space around it"
                            .formatted(name, SHORTEST));
        }
    }

    /** Compares in a time that does not depend on where the two differ, nor on their lengths. */
    boolean matches(String sent) {
        return MessageDigest.isEqual(digest(secret), digest(sent));
    }

    private static byte[] digest(String text) {
        return Hashes.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "ApiKey[name=%s, role=%s, secret=***]".formatted(name, role);
    }
}
