package io.goodhart.db.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.experiment.Artifacts;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.Page;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.ColumnFacts;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetFacts;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@DbTest
class DatasetsIT {
    private static final DatasetFacts FACTS =
            new DatasetFacts(3, 1, List.of(new ColumnFacts("text", List.of(ColumnFacts.Type.TEXT), 0, 1)), true);

    private final Datasets datasets;
    private final Experiments experiments;
    private final Artifacts artifacts;
    private final Scenario scenario;

    @Autowired
    DatasetsIT(Datasets datasets, Experiments experiments, Artifacts artifacts, Scenario scenario) {
        this.datasets = datasets;
        this.experiments = experiments;
        this.artifacts = artifacts;
        this.scenario = scenario;
    }

    @BeforeEach
    void clear() {
        scenario.clear();
    }

    @Test
    void equalContentUnderANameIsTheSameVersionAndOtherContentTheNext() {
        Datasets.Registration first = register("a", "one");
        Datasets.Registration again = register("a", "one");
        Datasets.Registration second = register("a", "two");

        assertThat(first.isNew()).isTrue();
        assertThat(again).isEqualTo(new Datasets.Registration(first.dataset(), false));
        assertThat(second.dataset().version()).isEqualTo(2);
        assertThat(register("b", "one").dataset().version()).isEqualTo(1);
        assertThat(datasets.byName("a")).contains(second.dataset());
        assertThat(datasets.byVersion("a", 1)).contains(first.dataset());
        assertThat(datasets.byVersion("a", 3)).isEmpty();
        assertThat(datasets.get(first.dataset().id())).isEqualTo(first.dataset());
        assertThat(first.dataset().facts()).isEqualTo(FACTS);
        assertThat(datasets.names()).containsExactlyInAnyOrder("a", "b");
        assertThat(artifacts.referenced()).contains(Scenario.output("two").artifact());
    }

    @Test
    void equalContentInAnotherFormatIsRefused() {
        register("a", "one");
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() ->
                        datasets.register(new NewDataset("a", Scenario.output("one"), DataFormat.TSV, "a", FACTS)))
                .extracting(ConflictException::code)
                .isEqualTo("dataset_format_differs");
    }

    @Test
    void versionsThatAreRegisteredAtTheSameTimeHaveNumbersOfTheirOwn() {
        Set<Integer> versions = ConcurrentHashMap.newKeySet();
        IntStream.range(0, 12)
                .parallel()
                .forEach(i ->
                        versions.add(register("a", "content " + i).dataset().version()));
        assertThat(versions).hasSize(12);
    }

    @Test
    void listIsPagedFromTheNewest() {
        for (String content : List.of("one", "two", "three")) {
            register("a", content);
        }
        Page<DatasetView> newest = datasets.list(2, null);
        assertThat(newest.items()).extracting(DatasetView::version).containsExactly(3, 2);
        assertThat(newest.hasMore()).isTrue();
        assertThat(datasets.list(2, newest.items().getLast().id()).items())
                .extracting(DatasetView::version)
                .containsExactly(1);
    }

    @Test
    void numberOfADeletedVersionIsNotGivenAgain() {
        DatasetView first = register("a", "one").dataset();
        datasets.delete(first.id());
        assertThat(datasets.byName("a")).isEmpty();
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> datasets.get(first.id()));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> datasets.delete(first.id()));
        assertThat(register("a", "one").dataset().version()).isEqualTo(2);
    }

    @Test
    void dataSetIsNotDeletedBeforeTheExperimentsThatReadItHaveEnded() {
        DatasetView read = register("a", "one").dataset();
        DatasetView other = register("a", "two").dataset();
        ExperimentId experiment = scenario.submit(reading("reader", read));

        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> datasets.delete(read.id()))
                .withMessageContaining(experiment.toString())
                .extracting(ConflictException::code)
                .isEqualTo("dataset_in_use");
        datasets.delete(other.id());
        experiments.cancel(experiment);
        datasets.delete(read.id());
    }

    @Test
    void experimentWhoseDataSetWasDeletedMeanwhileIsNotQueued() {
        DatasetView read = register("a", "one").dataset();
        datasets.delete(read.id());
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> scenario.submit(reading("reader", read)))
                .extracting(ConflictException::code)
                .isEqualTo("dataset_deleted");
    }

    private static Scenario.Graph reading(String name, DatasetView dataset) {
        return new Scenario.Graph(name).generate("g", dataset.revision()).run("alpha", 1, "g");
    }

    private Datasets.Registration register(String name, String content) {
        return datasets.register(
                new NewDataset(name, Scenario.output(content), DataFormat.CSV, "data/" + content + ".csv", FACTS));
    }
}
