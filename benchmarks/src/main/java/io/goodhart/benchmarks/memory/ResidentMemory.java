package io.goodhart.benchmarks.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the operating system holds in memory for this process. */
public final class ResidentMemory {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ResidentMemory() {}

    /** Whether this system tells. */
    public static boolean isKnown() {
        return Files.isReadable(STATUS);
    }

    /** Resident memory in units of 1024 kB. */
    public static double megabytes() {
        return megabytes("VmRSS:");
    }

    /** The most that was ever resident, in the same units. */
    public static double peakMegabytes() {
        return megabytes("VmHWM:");
    }

    private static double megabytes(String field) {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(field)) {
                    String number = line.substring(field.length()).strip();
                    return Long.parseLong(number.substring(0, number.indexOf(' '))) / 1024.0;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("No " + field + " in " + STATUS);
    }
}
