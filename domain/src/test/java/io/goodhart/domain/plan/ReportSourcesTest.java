package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Specs;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ArmSpec.LabelBy;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.PairSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReportSourcesTest {
    private static final PairSpec PAIRS =
            new PairSpec(0, 5, 0.0, null, "data/wiki.jsonl", "prompt", "chosen", "rejected", null, 20);

    @Test
    void everyFileIsNamedOnceWhateverReadsIt() {
        ExperimentSpec spec = Specs.withPairs(experiment(), PAIRS);
        assertThat(sources(spec)).containsExactly("data/prompts.jsonl", "data/texts.jsonl", "data/wiki.jsonl");
    }

    @Test
    void aFileThatNothingReadsIsNotNamed() {
        ExperimentSpec spec =
                Specs.experiment(arms("baseline", new ArmSpec.None(), "dpo", Specs.dpo(LabelBy.SCORER, null)), 1L);
        assertThat(sources(spec)).contains("data/prompts.jsonl").doesNotContain("data/unread.jsonl");
    }

    private static ExperimentSpec experiment() {
        return Specs.experiment(
                arms(
                        "baseline", new ArmSpec.None(),
                        "dpo", Specs.dpo(LabelBy.DATASET, null),
                        "sft", new ArmSpec.Sft(TrainingSpec.EMPTY)),
                1L,
                2L);
    }

    private static List<String> sources(ExperimentSpec spec) {
        DatasetRevision unread = DatasetRevision.ofFile("data/unread.jsonl", "f".repeat(64));
        ExperimentFacts known = Specs.facts();
        Map<String, DatasetRevision> files = new HashMap<>(known.datasets());
        files.put(unread.path(), unread);
        Plan plan = Planner.plan(spec, new ExperimentFacts(known.model(), known.scorer(), files), Set.of());
        return plan.tasks().stream()
                .flatMap(task -> task.spec() instanceof TaskSpec.Report report ? Stream.of(report) : Stream.empty())
                .flatMap(report -> report.sources().stream())
                .map(DatasetRevision::path)
                .toList();
    }
}
