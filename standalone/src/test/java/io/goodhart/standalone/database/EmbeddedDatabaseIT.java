package io.goodhart.standalone.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedDatabaseIT {
    @TempDir
    Path directory;

    @Test
    void rowsOutliveAStopAndAKillAndARunningServerIsAdopted() throws Exception {
        Path data = directory.resolve("postgres");
        try (EmbeddedDatabase database = EmbeddedDatabase.open(data)) {
            execute(database, "create table kept (id int)");
            execute(database, "insert into kept values (1)");
        }
        EmbeddedDatabase again = EmbeddedDatabase.open(data);
        assertThat(rows(again)).isEqualTo(1);
        try (EmbeddedDatabase adopted = EmbeddedDatabase.open(data)) {
            assertThat(adopted.jdbcUrl()).isEqualTo(again.jdbcUrl());
            execute(adopted, "insert into kept values (2)");
            killPostmaster(data);
        }
        again.close(); // lets go of the directory, as the death of the process would
        try (EmbeddedDatabase recovered = EmbeddedDatabase.open(data)) {
            assertThat(rows(recovered)).isEqualTo(2);
        }
    }

    @Test
    void settingsAreDurable() throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.open(directory.resolve("postgres"))) {
            assertThat(setting(database, "fsync")).isEqualTo("on");
            assertThat(setting(database, "synchronous_commit")).isEqualTo("on");
        }
    }

    @Test
    void nobodyComesInWithoutThePassword() throws Exception {
        Path data = directory.resolve("postgres");
        try (EmbeddedDatabase database = EmbeddedDatabase.open(data)) {
            assertThatThrownBy(() -> connect(database, "guessed"))
                    .hasMessageContaining("password authentication failed");
            assertThat(setting(database, "password_encryption")).isEqualTo("scram-sha-256");
        }
        Path file = directory.resolve("postgres.password");
        assertThat(Files.getPosixFilePermissions(file))
                .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        Files.delete(file);
        assertThatThrownBy(() -> EmbeddedDatabase.open(data))
                .rootCause()
                .hasMessageContaining("The password of this database is missing: " + file)
                .hasMessageContaining("Put that file back, or start with an empty directory (--data)");
    }

    @Test
    void adoptedServerStopsEvenWhileSomebodyIsConnected() throws Exception {
        Path data = directory.resolve("postgres");
        EmbeddedDatabase left = EmbeddedDatabase.open(data);
        try (Connection connection = connect(left, left.password())) {
            EmbeddedDatabase.open(data).close();
            assertThatThrownBy(() -> connection.createStatement().execute("select 1"))
                    .isInstanceOf(SQLException.class);
        }
        left.close();
        assertThat(data.resolve("postmaster.pid")).doesNotExist();
    }

    private static Connection connect(EmbeddedDatabase database, String password) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), EmbeddedDatabase.USER, password);
    }

    private static void killPostmaster(Path data) throws IOException, InterruptedException {
        long process = Long.parseLong(
                Files.readAllLines(data.resolve("postmaster.pid")).getFirst().strip());
        ProcessHandle postmaster = ProcessHandle.of(process).orElseThrow();
        postmaster.destroyForcibly();
        for (int i = 0; i < 200 && postmaster.isAlive(); i++) {
            TimeUnit.MILLISECONDS.sleep(25);
        }
    }

    private static int rows(EmbeddedDatabase database) throws SQLException {
        return Integer.parseInt(query(database, "select count(*) from kept"));
    }

    private static String setting(EmbeddedDatabase database, String name) throws SQLException {
        return query(database, "show " + name);
    }

    private static void execute(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database, database.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database, database.password());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
