package io.goodhart.db.model;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.Page;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.Sql;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Registered models as rows; leases by the database's clock. */
@Component
final class StoredModels implements Models {
    private final JdbcClient jdbc;
    private final ModelRepository repository;
    private final TransactionTemplate transaction;

    StoredModels(JdbcClient jdbc, ModelRepository repository, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.repository = repository;
    }

    @Override
    public ModelView register(NewModel model) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            model.archive().ifPresent(this::keep);
            return register(model.source(), model.name());
        }));
    }

    private void keep(Output archive) {
        jdbc.sql("""
                insert into artifact (sha256, bytes, media_type) values (:sha256, :bytes, :mediaType)
                on conflict (sha256) do nothing""")
                .param("sha256", archive.artifact().sha256())
                .param("bytes", archive.bytes())
                .param("mediaType", archive.mediaType())
                .update();
    }

    private ModelView register(String source, @Nullable String name) {
        try {
            jdbc.sql("""
                    insert into model (source, name) values (:source, :name)
                    on conflict (source) do update
                       set name = coalesce(model.name, excluded.name),
                           state = case model.state when 'FAILED' then 'REGISTERING' else model.state end,
                           problems = null,
                           leased_until = case model.state when 'FAILED' then now() else model.leased_until end,
                           ended_at = case model.state when 'READY' then model.ended_at end""").param("source", source).param("name", name).update();
        } catch (DuplicateKeyException e) {
            throw new ConflictException("model_name_taken", "Another source is registered as " + name);
        }
        ModelView model = bySource(source).orElseThrow();
        if (name != null && !model.name().equals(Optional.of(name))) {
            throw new ConflictException(
                    "model_name_taken",
                    "The source is registered as " + model.name().orElse("nothing"));
        }
        return model;
    }

    @Override
    public ModelView get(ModelId id) {
        return repository
                .findById(id.value())
                .orElseThrow(() -> new NotFoundException("There is no model " + id))
                .view();
    }

    @Override
    public Optional<ModelView> bySource(String source) {
        return repository.findBySource(source).map(ModelEntity::view);
    }

    @Override
    public Optional<ModelView> byName(String name) {
        return repository.findByName(name).map(ModelEntity::view);
    }

    @Override
    public Page<ModelView> list(int limit, @Nullable ModelId after) {
        List<ModelEntity> found = repository.newest(after == null ? null : after.toString(), limit + 1);
        return Page.of(found.stream().map(ModelEntity::view).toList(), limit);
    }

    @Override
    public Optional<ClaimedModel> claim(Duration lease) {
        UUID owner = UUID.randomUUID();
        return jdbc.sql("""
                with next as (
                  select id from model where state = 'REGISTERING' and leased_until <= now()
                   order by leased_until, id limit 1 for no key update skip locked)
                update model set owner = :owner, leased_until = now() + make_interval(secs => :seconds)
                  from next where model.id = next.id
                returning model.id, model.source""")
                .param("owner", owner)
                .param("seconds", seconds(lease))
                .query((row, _) -> new ClaimedModel(new ModelId(row.getObject(1, UUID.class)), row.getString(2), owner))
                .optional();
    }

    @Override
    public void progress(ClaimedModel model, long bytes, long totalBytes, Duration lease) {
        require(
                model,
                jdbc.sql("""
                        update model set bytes = :bytes, total_bytes = :total,
                               leased_until = now() + make_interval(secs => :seconds)
                         where id = :id and owner = :owner and state = 'REGISTERING'""").param("bytes", bytes).param("total", totalBytes).param("seconds", seconds(lease)));
    }

    @Override
    public void ready(ClaimedModel model, String path, Optional<String> commit, ModelFacts facts) {
        require(
                model,
                jdbc.sql("""
                        update model set state = 'READY', path = :path, hub_commit = :commit,
                               facts = cast(:facts as json), ended_at = now(), owner = null
                         where id = :id and owner = :owner and state = 'REGISTERING'""")
                        .param("path", path)
                        .param("commit", commit.orElse(null))
                        .param("facts", Sql.text(GoodhartJson.write(facts))));
    }

    @Override
    public void failed(ClaimedModel model, List<Problem> problems) {
        require(model, jdbc.sql("""
                        update model set state = 'FAILED', problems = cast(:problems as json), ended_at = now(), owner = null
                         where id = :id and owner = :owner and state = 'REGISTERING'""").param("problems", GoodhartJson.write(problems)));
    }

    private static void require(ClaimedModel model, JdbcClient.StatementSpec statement) {
        int rows = statement
                .param("id", model.id().value())
                .param("owner", model.owner())
                .update();
        if (rows == 0) {
            throw new LeaseLostException("Somebody else has taken up model " + model.id());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
