package io.goodhart.standalone.database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server with durable settings over a data directory of its own, open to those who know a password that lies
 * beside it. A server that an earlier process left running is adopted; one that was killed recovers by itself when it
 * starts. Whoever opens a directory must be the only one who does.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    /** The one user. */
    public static final String USER = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration LEFTOVER_PATIENCE = Duration.ofSeconds(10);

    private final int port;
    private final Password password;
    private final Stop stop;

    private EmbeddedDatabase(int port, Password password, Stop stop) {
        this.port = port;
        this.password = password;
        this.stop = stop;
    }

    /** Starts a server over {@code directory}, or adopts the one that runs there. */
    public static EmbeddedDatabase open(Path directory) {
        try {
            Files.createDirectories(directory.getParent());
            Password password = Password.beside(directory);
            Optional<PidFile> left = PidFile.of(directory);
            Optional<EmbeddedDatabase> running = left.flatMap(file -> adopt(file, directory, password));
            if (running.isPresent()) {
                LOG.info("Adopted the PostgreSQL server that runs over {}", directory);
                return running.get();
            }
            if (left.isPresent()) {
                left.get().awaitEndOfSharedMemory(LEFTOVER_PATIENCE);
            }
            return start(directory, password);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start PostgreSQL over " + directory, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while PostgreSQL started over " + directory, e);
        }
    }

    private static EmbeddedDatabase start(Path directory, Password password) throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false) // it must outlive the workers, which drain first
                .setLocaleConfig("auth", "scram-sha-256") // these two go to initdb
                .setLocaleConfig("pwfile", password.file().toString())
                .setConnectConfig("password", password.text())
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setPGStartupWait(Duration.ofSeconds(60))
                .start();
        return new EmbeddedDatabase(server.getPort(), password, server::close);
    }

    /** Address for JDBC. The server listens on the loopback interface alone. */
    public String jdbcUrl() {
        return url(port);
    }

    /** The password of {@link #USER}. */
    public String password() {
        return password.text();
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?connectTimeout=10&socketTimeout=300".formatted(port);
    }

    /** A process that was killed leaves its server running. */
    private static Optional<EmbeddedDatabase> adopt(PidFile file, Path directory, Password password) {
        return servesDirectory(file.port(), directory, password)
                ? Optional.of(new EmbeddedDatabase(file.port(), password, () -> stopProcess(file.process())))
                : Optional.empty();
    }

    private static boolean servesDirectory(int port, Path directory, Password password) {
        try (Connection connection = DriverManager.getConnection(url(port), USER, password.text());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show data_directory")) {
            return row.next() && Path.of(row.getString(1)).toRealPath().equals(directory.toRealPath());
        } catch (SQLException | IOException e) {
            LOG.debug("No server over {} answers on port {}", directory, port, e);
            return false;
        }
    }

    /** SIGINT asks PostgreSQL to end its clients' sessions and to stop in good order. */
    private static void stopProcess(long process) throws IOException, InterruptedException {
        Optional<ProcessHandle> server = ProcessHandle.of(process);
        if (server.isEmpty()) {
            return;
        }
        new ProcessBuilder("kill", "-INT", Long.toString(process)).start().waitFor();
        try {
            server.get().onExit().get(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw new IOException("Process " + process + " has not ended within " + STOP_TIMEOUT, e);
        }
    }

    @Override
    public void close() {
        try {
            stop.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not stop", e);
        }
    }

    /** Ends the server. */
    @FunctionalInterface
    private interface Stop {
        void run() throws IOException, InterruptedException;
    }
}
