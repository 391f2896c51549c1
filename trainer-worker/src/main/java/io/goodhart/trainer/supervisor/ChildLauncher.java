package io.goodhart.trainer.supervisor;

import java.io.IOException;

/** Starts child processes. */
@FunctionalInterface
public interface ChildLauncher {
    /** A new process that speaks the protocol on stdin and stdout. */
    Process launch() throws IOException;
}
