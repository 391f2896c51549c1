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
 * @param probes in the file's order; none where no probe could be fitted to a trained model
 */
public record ProbeSet(List<Probe> probes) {
    public ProbeSet {
        probes = List.copyOf(probes);
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

    public boolean isEmpty() {
        return probes.isEmpty();
    }

    /** Where the probes read. Needs a probe. */
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
