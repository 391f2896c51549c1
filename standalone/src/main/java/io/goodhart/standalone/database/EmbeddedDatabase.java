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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL server with durable settings over a data directory of its own. One that an earlier process left running is
 * adopted; one that was killed recovers by itself when it starts.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private final int port;
    private final Stop stop;

    private EmbeddedDatabase(int port, Stop stop) {
        this.port = port;
        this.stop = stop;
    }

    /** Starts a server over {@code directory}, or adopts the one that runs there. */
    public static EmbeddedDatabase open(Path directory) {
        Optional<EmbeddedDatabase> running = adopt(directory);
        if (running.isPresent()) {
            LOG.info("Adopted the PostgreSQL server that runs over {}", directory);
            return running.get();
        }
        try {
            Files.createDirectories(directory.getParent());
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false) // it must outlive the workers, which drain first
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setServerConfig("full_page_writes", "on")
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .start();
            return new EmbeddedDatabase(server.getPort(), server::close);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot start PostgreSQL over " + directory, e);
        }
    }

    /** Address for JDBC. The server listens on the loopback interface alone. */
    public String jdbcUrl() {
        return url(port);
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&connectTimeout=10&socketTimeout=300"
                .formatted(port);
    }

    /** A process that was killed leaves its server running; postmaster.pid tells its process id and port. */
    private static Optional<EmbeddedDatabase> adopt(Path directory) {
        Path pidFile = directory.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            if (lines.size() < 4) {
                return Optional.empty();
            }
            long process = Long.parseLong(lines.get(0).strip());
            int port = Integer.parseInt(lines.get(3).strip());
            if (!servesDirectory(port, directory)) {
                return Optional.empty();
            }
            return Optional.of(new EmbeddedDatabase(port, () -> stopProcess(process)));
        } catch (IOException | NumberFormatException e) {
            LOG.debug("postmaster.pid cannot be read", e);
            return Optional.empty();
        }
    }

    private static boolean servesDirectory(int port, Path directory) throws IOException {
        try (Connection connection = DriverManager.getConnection(url(port));
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("show data_directory")) {
            return row.next() && Path.of(row.getString(1)).toRealPath().equals(directory.toRealPath());
        } catch (SQLException e) {
            LOG.debug("No server answers on port {}", port, e);
            return false;
        }
    }

    /** SIGTERM asks PostgreSQL to stop once its clients have gone. */
    private static void stopProcess(long process) throws IOException, InterruptedException {
        Optional<ProcessHandle> server = ProcessHandle.of(process);
        if (server.isEmpty() || !server.get().destroy()) {
            return;
        }
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
