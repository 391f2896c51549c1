package io.goodhart.standalone.server;

import io.goodhart.standalone.database.EmbeddedDatabase;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/** All services and their database in this process. */
public final class LocalServer implements AutoCloseable {
    private final ServerSettings settings;
    private final Deque<Runnable> open = new ArrayDeque<>();
    private volatile boolean stopping;
    private volatile boolean stopped;

    public LocalServer(ServerSettings settings) {
        this.settings = settings;
    }

    /**
     * Starts everything; returns the address once requests are answered there.
     *
     * @throws DataInUseException if another process works with the data
     */
    public synchronized URI start() {
        try {
            DataLock lock = DataLock.take(settings.data());
            opened(lock::close);
            LoggingSystem.get(LocalServer.class.getClassLoader())
                    .beforeInitialize(); // silent until Spring has set it up
            EmbeddedDatabase database = EmbeddedDatabase.open(settings.database());
            opened(database::close);
            ConfigurableApplicationContext context = new SpringApplicationBuilder(StandaloneApplication.class)
                    .bannerMode(Banner.Mode.OFF)
                    .registerShutdownHook(false)
                    .run(settings.arguments(database.jdbcUrl(), database.password()));
            opened(context::close);
            URI address =
                    URI.create("http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port"));
            lock.announce(address);
            return address;
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private void opened(Runnable end) {
        open.push(end);
        if (stopping) {
            throw new IllegalStateException("Told to stop while starting");
        }
    }

    /** Whether everything has been stopped. */
    public boolean isStopped() {
        return stopped;
    }

    /** Drains the workers, then stops the services, then the database. Whoever calls returns when all is stopped. */
    @Override
    public void close() {
        stopping = true;
        synchronized (this) {
            stopLastFirst();
            stopped = true;
        }
    }

    /** What cannot be stopped does not keep the rest from it. */
    private void stopLastFirst() {
        if (open.isEmpty()) {
            return;
        }
        try {
            open.pop().run();
        } finally {
            stopLastFirst();
        }
    }
}
