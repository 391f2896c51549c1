package io.goodhart.standalone.command;

import io.goodhart.standalone.client.GoodhartClient;
import io.goodhart.standalone.client.RefusedException;
import io.goodhart.standalone.server.DataInUseException;
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

    /** The named server; without a name the one on the default port, or else one for the data of these settings. */
    static Session open(@Nullable URI server, ServerSettings settings, Display display) {
        URI address = server == null ? URI.create("http://127.0.0.1:" + DEFAULT_PORT) : server;
        Session running = new Session(new GoodhartClient(address), Optional.empty());
        if (running.client.isUp()) {
            return running;
        }
        if (server != null) {
            throw new CommandFailedException(3, "No server answers at " + server);
        }
        return join(settings, display);
    }

    /** The server that works with the data of these settings, or else one of this process. */
    static Session join(ServerSettings settings, Display display) {
        try {
            return begin(settings, display);
        } catch (DataInUseException e) {
            Session running = e.server()
                    .map(address -> new Session(new GoodhartClient(address), Optional.empty()))
                    .filter(session -> session.client.isUp())
                    .orElseThrow(() -> refused(e));
            display.say("%s; using it".formatted(e.getMessage()));
            return running;
        }
    }

    /** A server of this process and no other. */
    static Session start(ServerSettings settings, Display display) {
        try {
            return begin(settings, display);
        } catch (DataInUseException e) {
            throw refused(e);
        }
    }

    private static CommandFailedException refused(DataInUseException refusal) {
        return new CommandFailedException(
                3,
                "%s.%nStop it, wait until it has started or stopped, or name another directory with --data"
                        .formatted(refusal.getMessage()));
    }

    private static Session begin(ServerSettings settings, Display display) {
        LocalServer local = new LocalServer(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(local, display), "goodhart-shutdown"));
        display.say("Starting Goodhart: %d workers with %d %s each, data in %s"
                .formatted(
                        settings.workers(),
                        settings.threads(),
                        settings.threads() == 1 ? "thread" : "threads",
                        settings.data()));
        URI address = startServer(local, settings);
        display.say("Listening on " + address);
        return new Session(new GoodhartClient(address), Optional.of(local));
    }

    private static void stop(LocalServer local, Display display) {
        if (!local.isStopped()) {
            display.say("Stopping ...");
            local.close();
        }
    }

    private static URI startServer(LocalServer local, ServerSettings settings) {
        try {
            return local.start();
        } catch (DataInUseException e) {
            throw e;
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
