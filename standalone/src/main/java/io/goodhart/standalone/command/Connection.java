package io.goodhart.standalone.command;

import io.goodhart.standalone.terminal.Display;
import java.net.URI;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which server a command talks to, and where it writes what it is told. */
final class Connection {
    @Mixin
    private ServerOptions options = new ServerOptions();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "A server that runs. Default: the one on port 8321, or else one of this process.")
    @Nullable
    private URI server;

    /** The server; one of this process computes what is submitted. */
    Session open(Display display) {
        return Session.open(server, options.settings(0), display);
    }

    /** The server; one of this process computes nothing. */
    Session openToRead(Display display) {
        return Session.open(server, options.settings(0).withoutWorkers(), display);
    }

    /** Where an experiment's report is written unless a directory is given. */
    Path reportDirectory(String id, @Nullable Path given) {
        Path directory =
                given == null ? options.settings(0).data().resolve("reports").resolve(id) : given;
        return directory.toAbsolutePath();
    }
}
