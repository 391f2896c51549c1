package io.goodhart.db.dataset;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.Page;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.Sql;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetFacts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Registered data sets as rows. */
@Component
final class StoredDatasets implements Datasets {
    private static final String SELECT = """
            select d.id, d.name, d.version, d.artifact, a.bytes, a.media_type, d.format, d.source, d.facts, d.created_at
              from dataset d join artifact a on a.sha256 = d.artifact
             where d.deleted_at is null""";

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    StoredDatasets(JdbcClient jdbc, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
    }

    @Override
    public Registration register(NewDataset dataset) {
        return Objects.requireNonNull(transaction.execute(_ -> registerLocked(dataset)));
    }

    private Registration registerLocked(NewDataset dataset) {
        lockName(dataset.name());
        Optional<DatasetView> known = jdbc.sql(SELECT + " and d.name = :name and d.artifact = :artifact")
                .param("name", dataset.name())
                .param("artifact", dataset.content().artifact().sha256())
                .query(StoredDatasets::view)
                .optional();
        if (known.isEmpty()) {
            return new Registration(get(insert(dataset)), true);
        }
        if (known.get().format() != dataset.format()) {
            throw new ConflictException(
                    "dataset_format_differs",
                    "%s is registered with this content as %s, not as %s"
                            .formatted(
                                    known.get().revision().path(),
                                    known.get().format().wireName(),
                                    dataset.format().wireName()));
        }
        return new Registration(known.get(), false);
    }

    /** Until the commit nobody else registers under the name. */
    private void lockName(String name) {
        jdbc.sql("select 1 from pg_advisory_xact_lock(hashtextextended('dataset/' || :name, 0))")
                .param("name", name)
                .query(Integer.class)
                .single();
    }

    private DatasetId insert(NewDataset dataset) {
        jdbc.sql("""
                insert into artifact (sha256, bytes, media_type) values (:sha256, :bytes, :mediaType)
                on conflict (sha256) do nothing""")
                .param("sha256", dataset.content().artifact().sha256())
                .param("bytes", dataset.content().bytes())
                .param("mediaType", dataset.content().mediaType())
                .update();
        return new DatasetId(jdbc.sql("""
                insert into dataset (name, version, artifact, format, source, facts)
                select :name, coalesce(max(version), 0) + 1, :artifact, :format, :source, cast(:facts as json)
                  from dataset where name = :name
                returning id""")
                .param("name", dataset.name())
                .param("artifact", dataset.content().artifact().sha256())
                .param("format", dataset.format().name())
                .param("source", dataset.source())
                .param("facts", Sql.text(GoodhartJson.write(dataset.facts())))
                .query(Sql.ID)
                .single());
    }

    @Override
    public DatasetView get(DatasetId id) {
        return jdbc.sql(SELECT + " and d.id = :id")
                .param("id", id.value())
                .query(StoredDatasets::view)
                .optional()
                .orElseThrow(() -> notFound(id));
    }

    @Override
    public Optional<DatasetView> byName(String name) {
        return jdbc.sql(SELECT + " and d.name = :name order by d.version desc limit 1")
                .param("name", name)
                .query(StoredDatasets::view)
                .optional();
    }

    @Override
    public Optional<DatasetView> byVersion(String name, int version) {
        return jdbc.sql(SELECT + " and d.name = :name and d.version = :version")
                .param("name", name)
                .param("version", version)
                .query(StoredDatasets::view)
                .optional();
    }

    @Override
    public List<String> names() {
        return jdbc.sql("select distinct name from dataset where deleted_at is null")
                .query(Sql.TEXT)
                .list();
    }

    @Override
    public Page<DatasetView> list(int limit, @Nullable DatasetId after) {
        List<DatasetView> found = jdbc.sql(
                        SELECT
                                + " and (cast(:after as uuid) is null or d.id < cast(:after as uuid)) order by d.id desc limit :limit")
                .param("after", after == null ? null : after.toString())
                .param("limit", limit + 1)
                .query(StoredDatasets::view)
                .list();
        return Page.of(found, limit);
    }

    @Override
    public void delete(DatasetId id) {
        transaction.executeWithoutResult(_ -> deleteLocked(id));
    }

    private void deleteLocked(DatasetId id) {
        Optional<UUID> locked = jdbc.sql("select id from dataset where id = :id and deleted_at is null for update")
                .param("id", id.value())
                .query(Sql.ID)
                .optional();
        if (locked.isEmpty()) {
            throw notFound(id);
        }
        List<UUID> readers = jdbc.sql("""
                select e.id from experiment_dataset l join experiment e on e.id = l.experiment_id
                 where l.dataset_id = :id and e.ended_at is null order by e.id""").param("id", id.value()).query(Sql.ID).list();
        if (!readers.isEmpty()) {
            throw new ConflictException(
                    "dataset_in_use",
                    "%d experiments that have not ended read it, such as %s"
                            .formatted(readers.size(), readers.getFirst()));
        }
        jdbc.sql("update dataset set deleted_at = now() where id = :id")
                .param("id", id.value())
                .update();
    }

    private static NotFoundException notFound(DatasetId id) {
        return new NotFoundException("dataset_not_found", "There is no data set " + id);
    }

    private static DatasetView view(ResultSet row, int number) throws SQLException {
        return new DatasetView(
                new DatasetId(row.getObject("id", UUID.class)),
                row.getString("name"),
                row.getInt("version"),
                new Output(
                        new ArtifactId(row.getString("artifact")), row.getLong("bytes"), row.getString("media_type")),
                DataFormat.valueOf(row.getString("format")),
                row.getString("source"),
                GoodhartJson.read(DatasetFacts.class, row.getString("facts")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }
}
