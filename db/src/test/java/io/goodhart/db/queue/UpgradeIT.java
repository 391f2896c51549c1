package io.goodhart.db.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.PostgresForTests;
import io.goodhart.db.PostgresForTests.Database;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** A database of an earlier version that is in use. */
class UpgradeIT {
    private static final String BEFORE_PRIORITIES = "20261125033500";

    @Test
    void tasksThatWereQueuedBeforeGoByTheTimeOfTheirSubmission() {
        Database database = PostgresForTests.newDatabase();
        DriverManagerDataSource source =
                new DriverManagerDataSource(database.jdbcUrl(), database.username(), database.password());
        FluentConfiguration flyway = Flyway.configure().dataSource(source);
        flyway.target(BEFORE_PRIORITIES).load().migrate();
        JdbcClient jdbc = JdbcClient.create(source);
        jdbc.sql("""
                insert into experiment (name, state, spec_version, spec, metadata, warnings)
                values ('old', 'QUEUED', 1, '{}', '{}', '[]')""").update();
        jdbc.sql("""
                insert into task (content_key, shared, kind, spec, label, state, waiting_for, max_attempts, created_at)
                select repeat(cast(n as text), 64), true, 'score', '{}', 't' || n, 'READY', 0, 3, now() - n * interval '1 hour'
                  from generate_series(1, 3) n""").update();
        flyway.target("latest").load().migrate();
        List<String> labels = jdbc.sql("select label from task order by priority desc, submitted_at, visible_at, id")
                .query(Sql.TEXT)
                .list();
        assertThat(labels).containsExactly("t3", "t2", "t1");
        assertThat(jdbc.sql("select priority + submitted_priority from experiment")
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
