package io.goodhart.trainer.artifact;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ProbeFile;
import io.goodhart.probing.ReadPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Probes that read the same activations.
 *
 * @param probes one or more, in the file's order
 */
public record ProbeSet(List<Probe> probes) {
    public ProbeSet {
        probes = List.copyOf(probes);
        if (probes.isEmpty()) {
            throw new IllegalArgumentException("Need a probe or more");
        }
    }

    public static ProbeSet read(Path path) {
        try {
            return new ProbeSet(ProbeFile.read(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void write(Path path, List<Probe> probes) {
        try {
            ProbeFile.write(path, probes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the probes read. */
    public ReadPoint point() {
        return probes.getFirst().readPoint();
    }

    /** The layer that the probes read. */
    public int layer() {
        return point().layer();
    }

    /** Probes of one role, in order. */
    public List<Probe> of(ProbeRole role) {
        return probes.stream().filter(probe -> probe.role() == role).toList();
    }
}
