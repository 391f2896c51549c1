package io.goodhart.domain;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Derives every random source from a seed and a purpose, so that no two sources share a stream by accident. */
public final class Seeds {
    private Seeds() {}

    /** First eight bytes, big endian, of sha256 of {@code seed/purpose}. */
    public static long derive(long seed, String purpose) {
        MessageDigest digest = Hashes.sha256();
        return ByteBuffer.wrap(digest.digest((seed + "/" + purpose).getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    /**
     * A permutation of 0..n-1 that depends on nothing but the seed: Fisher and Yates' shuffle driven by SplitMix64 (Steele
     * et al. 2014), with rejection so that every permutation is equally likely.
     */
    public static int[] permutation(int n, long seed) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = i;
        }
        SplitMix random = new SplitMix(seed);
        for (int i = n - 1; i > 0; i--) {
            int j = random.below(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }
}
