package io.goodhart.benchmarks.queue;

import io.goodhart.db.DbConfiguration;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A new PostgreSQL server that writes every commit to disk, and the queue on it. */
final class Database implements AutoCloseable {
    /** The queue and what it needs. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(DbConfiguration.class)
    static class Application {}

    private final EmbeddedPostgres server;
    private final ConfigurableApplicationContext context;

    private Database(EmbeddedPostgres server, ConfigurableApplicationContext context) {
        this.server = server;
        this.context = context;
    }

    static Database start(Path directory) throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
        SpringApplication application = new SpringApplication(Application.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        application.setLogStartupInfo(false);
        return new Database(
                server,
                application.run(
                        "--spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres"
                                .formatted(server.getPort()),
                        "--spring.main.banner-mode=off",
                        "--spring.datasource.hikari.maximum-pool-size=12",
                        "--goodhart.db.sweep=false"));
    }

    <T> T get(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() throws IOException {
        context.close();
        server.close();
    }
}
