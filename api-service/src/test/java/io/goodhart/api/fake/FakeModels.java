package io.goodhart.api.fake;

import io.goodhart.db.experiment.Page;
import io.goodhart.db.model.ClaimedModel;
import io.goodhart.db.model.ModelId;
import io.goodhart.db.model.ModelState;
import io.goodhart.db.model.ModelView;
import io.goodhart.db.model.Models;
import io.goodhart.db.model.NewModel;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Registered models in memory; a claim lasts for ever. */
public final class FakeModels implements Models {
    private final Map<ModelId, ModelView> models = new LinkedHashMap<>();
    private final List<ModelId> claimed = new ArrayList<>();

    @Override
    public synchronized ModelView register(NewModel model) {
        return bySource(model.source()).orElseGet(() -> {
            ModelId id = new ModelId(UUID.randomUUID());
            put(new ModelView(
                    id,
                    model.source(),
                    Optional.ofNullable(model.name()),
                    new ModelState.Registering(0, 0),
                    Instant.EPOCH));
            return get(id);
        });
    }

    private synchronized void put(ModelView model) {
        models.put(model.id(), model);
    }

    @Override
    public synchronized ModelView get(ModelId id) {
        return find(model -> model.id().equals(id)).orElseThrow(() -> new NotFoundException("There is no model " + id));
    }

    @Override
    public Optional<ModelView> bySource(String source) {
        return find(model -> model.source().equals(source));
    }

    @Override
    public Optional<ModelView> byName(String name) {
        return find(model -> model.name().equals(Optional.of(name)));
    }

    private synchronized Optional<ModelView> find(Predicate<ModelView> wanted) {
        return models.values().stream().filter(wanted).findFirst();
    }

    @Override
    public synchronized Page<ModelView> list(int limit, @Nullable ModelId after) {
        return new Page<>(List.copyOf(models.values()), false);
    }

    @Override
    public synchronized Optional<ClaimedModel> claim(Duration lease) {
        Optional<ModelView> next =
                find(model -> model.state() instanceof ModelState.Registering && !claimed.contains(model.id()));
        next.ifPresent(model -> claimed.add(model.id()));
        return next.map(model -> new ClaimedModel(model.id(), model.source(), UUID.randomUUID()));
    }

    @Override
    public void progress(ClaimedModel model, long bytes, long totalBytes, Duration lease) {
        end(model, new ModelState.Registering(bytes, totalBytes));
    }

    @Override
    public void ready(ClaimedModel model, String path, Optional<String> commit, ModelFacts facts) {
        end(model, new ModelState.Ready(path, commit, facts, Instant.EPOCH));
    }

    @Override
    public void failed(ClaimedModel model, List<Problem> problems) {
        end(model, new ModelState.Failed(problems, Instant.EPOCH));
    }

    private synchronized void end(ClaimedModel claim, ModelState state) {
        ModelView model = get(claim.id());
        put(new ModelView(model.id(), model.source(), model.name(), state, model.createdAt()));
    }
}
