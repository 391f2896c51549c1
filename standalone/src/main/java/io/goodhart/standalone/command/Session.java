package io.goodhart.standalone.command;

import io.goodhart.standalone.client.GoodhartClient;
import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.server.LocalServer;
import io.goodhart.standalone.server.ServerSettings;
import io.goodhart.standalone.terminal.Display;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A server to talk to: one that runs already, or one of this process that ends with it. */
final class Session implements AutoCloseable {
    /** Where {@code goodhart serve} answers unless told otherwise. */
    static final int DEFAULT_PORT = 8321;

    private final GoodhartClient client;
    private final Optional<LocalServer> own;

    private Session(GoodhartClient client, Optional<LocalServer> own) {
        this.client = client;
        this.own = own;
    }

    /** The named server; without a name the one on the default port, or else one of this process. */
    static Session open(@Nullable URI server, ServerOptions options, Display display) {
        URI address = server == null ? URI.create("http://127.0.0.1:" + DEFAULT_PORT) : server;
        GoodhartClient client = new GoodhartClient(address);
        if (client.isUp()) {
            return new Session(client, Optional.empty());
        }
        if (server != null) {
            throw new CommandFailedException(3, "No server answers at " + server);
        }
        return start(options.settings(0), display);
    }

    /** A server of this process, whatever else runs. */
    static Session start(ServerSettings settings, Display display) {
        display.say("Starting Goodhart: %d workers with %d %s each, data in %s"
                .formatted(
                        settings.workers(),
                        settings.threads(),
                        settings.threads() == 1 ? "thread" : "threads",
                        settings.data()));
        LocalServer local = startServer(settings);
        Session session = new Session(new GoodhartClient(local.address()), Optional.of(local));
        Runtime.getRuntime().addShutdownHook(new Thread(local::close, "goodhart-shutdown"));
        display.say("Listening on " + local.address());
        return session;
    }

    private static LocalServer startServer(ServerSettings settings) {
        try {
            return LocalServer.start(settings);
        } catch (RuntimeException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new CommandFailedException(
                    3, "The server does not start: %s%nMore is in %s".formatted(cause.getMessage(), settings.log()));
        }
    }

    GoodhartClient client() {
        return client;
    }

    /** Whether the server is this process and ends with it. */
    boolean isOwn() {
        return own.isPresent();
    }

    /** Turns a refusal into what the user needs to see. */
    static CommandFailedException refused(RefusedException refusal) {
        return new CommandFailedException(2, String.valueOf(refusal.getMessage()));
    }

    @Override
    public void close() {
        own.ifPresent(LocalServer::close);
    }
}
