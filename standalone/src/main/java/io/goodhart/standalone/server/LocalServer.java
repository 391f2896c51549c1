package io.goodhart.standalone.server;

import io.goodhart.standalone.database.EmbeddedDatabase;
import java.net.URI;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** All services and their database in this process. */
public final class LocalServer implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final EmbeddedDatabase database;
    private final ConfigurableApplicationContext context;

    private LocalServer(EmbeddedDatabase database, ConfigurableApplicationContext context) {
        this.database = database;
        this.context = context;
    }

    /** Starts everything; returns when requests are answered. */
    public static LocalServer start(ServerSettings settings) {
        LoggingSystem.get(LocalServer.class.getClassLoader()).beforeInitialize(); // silent until Spring has set it up
        EmbeddedDatabase database = EmbeddedDatabase.open(settings.database());
        try {
            ConfigurableApplicationContext context = new SpringApplicationBuilder(StandaloneApplication.class)
                    .bannerMode(Banner.Mode.OFF)
                    .registerShutdownHook(false)
                    .run(settings.arguments(database.jdbcUrl()));
            return new LocalServer(database, context);
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Where it answers. */
    public URI address() {
        Environment environment = context.getEnvironment();
        return URI.create("http://127.0.0.1:" + environment.getRequiredProperty("local.server.port"));
    }

    /** Drains the workers, then stops the services, then the database. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            context.close();
            database.close();
        }
    }
}
