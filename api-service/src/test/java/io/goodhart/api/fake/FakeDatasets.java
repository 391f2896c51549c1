package io.goodhart.api.fake;

import io.goodhart.db.dataset.DatasetId;
import io.goodhart.db.dataset.DatasetView;
import io.goodhart.db.dataset.Datasets;
import io.goodhart.db.dataset.NewDataset;
import io.goodhart.db.experiment.Page;
import io.goodhart.domain.NotFoundException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Registered data sets in memory; nobody reads them. */
public final class FakeDatasets implements Datasets {
    private final List<DatasetView> datasets = new ArrayList<>();

    @Override
    public synchronized Registration register(NewDataset dataset) {
        Optional<DatasetView> known = last(view -> view.name().equals(dataset.name())
                && view.content().artifact().equals(dataset.content().artifact()));
        if (known.isPresent()) {
            return new Registration(known.get(), false);
        }
        DatasetView view = new DatasetView(
                new DatasetId(UUID.randomUUID()),
                dataset.name(),
                byName(dataset.name()).map(DatasetView::version).orElse(0) + 1,
                dataset.content(),
                dataset.format(),
                dataset.source(),
                dataset.facts(),
                Instant.EPOCH);
        datasets.add(view);
        return new Registration(view, true);
    }

    @Override
    public DatasetView get(DatasetId id) {
        return last(view -> view.id().equals(id))
                .orElseThrow(() -> new NotFoundException("dataset_not_found", "There is no data set " + id));
    }

    @Override
    public Optional<DatasetView> byName(String name) {
        return last(view -> view.name().equals(name));
    }

    @Override
    public Optional<DatasetView> byVersion(String name, int version) {
        return last(view -> view.name().equals(name) && view.version() == version);
    }

    private synchronized Optional<DatasetView> last(Predicate<DatasetView> wanted) {
        return datasets.reversed().stream().filter(wanted).findFirst();
    }

    @Override
    public synchronized List<String> names() {
        return datasets.stream().map(DatasetView::name).distinct().toList();
    }

    @Override
    public synchronized Page<DatasetView> list(int limit, @Nullable DatasetId after) {
        return Page.of(datasets.reversed(), limit);
    }

    @Override
    public synchronized void delete(DatasetId id) {
        datasets.remove(get(id));
    }
}
