package io.goodhart.standalone.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Another process works with the data. */
public final class DataInUseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Optional<URI> server;

    DataInUseException(Path data, Optional<URI> server) {
        super("The data in %s is in use by another process%s"
                .formatted(
                        data,
                        server.map(address -> ", the server at " + address).orElse("")));
        this.server = server;
    }

    /** Where that process answers, once it does. */
    public Optional<URI> server() {
        return server;
    }
}
