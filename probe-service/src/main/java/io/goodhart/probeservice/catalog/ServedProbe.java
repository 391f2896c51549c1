package io.goodhart.probeservice.catalog;

import io.goodhart.db.experiment.ProbeView;
import io.goodhart.probing.Probe;
import java.nio.file.Path;

/**
 * A probe that is loaded.
 *
 * @param view what the database knows of it
 * @param probe the probe
 * @param file the set that it lies in
 */
public record ServedProbe(ProbeView view, Probe probe, Path file) {
    /** The name it is served under: its id. */
    public String name() {
        return view.id().toString();
    }

    /** Its number in the file. */
    public int index() {
        return view.probe().index();
    }
}
