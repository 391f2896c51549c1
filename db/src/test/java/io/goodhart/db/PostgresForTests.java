package io.goodhart.db;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A real PostgreSQL for tests: a container where there is a container engine, the embedded server elsewhere. One server for
 * the JVM, one new database for each application context that imports this.
 */
@TestConfiguration(proxyBeanMethods = false)
public class PostgresForTests {
    private static final String USER = "postgres";

    @Bean
    JdbcConnectionDetails postgresForTests() {
        return newDatabase();
    }

    /** A new, empty database. */
    public static Database newDatabase() {
        return Server.INSTANCE.newDatabase();
    }

    /** How to reach a database. */
    public record Database(String jdbcUrl, String username, String password) implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return jdbcUrl;
        }

        @Override
        public String getUsername() {
            return username;
        }

        @Override
        public String getPassword() {
            return password;
        }
    }

    /** The one server; the JVM's end stops it. */
    private record Server(String host, int port, String password) {
        static final Server INSTANCE = start();

        private static Server start() {
            return DockerClientFactory.instance().isDockerAvailable() ? container() : embedded();
        }

        @SuppressWarnings("resource") // runs until the JVM ends
        private static Server container() {
            PostgreSQLContainer container = new PostgreSQLContainer("postgres:18-alpine")
                    .withUsername(USER)
                    .withPassword(USER)
                    .withCommand("postgres", "-c", "max_connections=300", "-c", "fsync=off");
            container.start();
            return new Server(container.getHost(), container.getMappedPort(PostgreSQLContainer.POSTGRESQL_PORT), USER);
        }

        private static Server embedded() {
            try {
                EmbeddedPostgres server = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "300")
                        .start();
                return new Server("localhost", server.getPort(), USER);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Database newDatabase() {
            String name = "t" + UUID.randomUUID().toString().replace("-", "");
            try (Connection connection = DriverManager.getConnection(url("postgres"), USER, password);
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + name);
            } catch (SQLException e) {
                throw new IllegalStateException("Cannot create a database on " + url("postgres"), e);
            }
            return new Database(url(name), USER, password);
        }

        private String url(String database) {
            return "jdbc:postgresql://%s:%d/%s".formatted(host, port, database);
        }
    }
}
