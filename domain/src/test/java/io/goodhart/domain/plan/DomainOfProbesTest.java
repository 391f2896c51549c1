package io.goodhart.domain.plan;

import static io.goodhart.domain.Specs.arms;
import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.ProbeFields;
import io.goodhart.domain.Specs;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.EvaluationSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.ProbeTextSpec;
import io.goodhart.domain.spec.TrainingSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which texts of the final evaluation are of the source that probes are fitted on. */
class DomainOfProbesTest {
    private static final LabelledTextSpec LABELLED =
            new LabelledTextSpec("data/wiki.jsonl", "text", "toxic", List.of("a", "b"), 30, false);
    private static final Filter FILTER = new Filter("source", null, null, "wiki", null, null, null, null, null, null);

    @Test
    void responsesAreOfTheSourceOfProbesThatAreFittedOnResponses() {
        assertThat(inDomain(null, LABELLED)).isEqualTo(TextSet.FIXED);
    }

    @Test
    void labelledTextsAreOfTheSourceOfProbesThatAreFittedOnTheSameFieldAndLabelsOfTheSameFile() {
        assertThat(inDomain(probes("data/wiki.jsonl", "text", "toxic", List.of("b", "a"), null), LABELLED))
                .isEqualTo(TextSet.LABELLED);
    }

    @Test
    void neitherIsWhereProbesAreFittedOnOtherTextsOrLabels() {
        List<String> positive = List.of("a", "b");
        assertThat(inDomain(probes("data/texts.jsonl", "text", "toxic", positive, null), LABELLED))
                .isNull();
        assertThat(inDomain(probes("data/wiki.jsonl", "title", "toxic", positive, null), LABELLED))
                .isNull();
        assertThat(inDomain(probes("data/wiki.jsonl", "text", "insult", positive, null), LABELLED))
                .isNull();
        assertThat(inDomain(probes("data/wiki.jsonl", "text", "toxic", List.of("a"), null), LABELLED))
                .isNull();
        assertThat(inDomain(probes("data/wiki.jsonl", "text", "toxic", positive, FILTER), LABELLED))
                .isNull();
    }

    @Test
    void withoutLabelledTextsThereIsOneSourceAndTheReportsKeyIsWhatItWas() {
        Plan plan = Planner.plan(spec(null, null), Specs.facts(), Set.of());

        TaskSpec report = plan.task(plan.report()).spec();
        assertThat(inDomain(null, null)).isNull();
        assertThat(CanonicalJson.of(report)).doesNotContain("inDomain");
    }

    private static @Nullable TextSet inDomain(@Nullable ProbeTextSpec probes, @Nullable LabelledTextSpec labelled) {
        Plan plan = Planner.plan(spec(probes, labelled), Specs.facts(), Set.of());
        return ((TaskSpec.Report) plan.task(plan.report()).spec()).inDomain();
    }

    private static ExperimentSpec spec(@Nullable ProbeTextSpec texts, @Nullable LabelledTextSpec labelled) {
        ExperimentSpec spec = Specs.experiment(
                arms("baseline", new ArmSpec.None(), "sft", new ArmSpec.Sft(TrainingSpec.EMPTY)),
                ProbeFields.probes(probes -> {
                    probes.samplesPerPrompt = texts == null ? 1 : null;
                    probes.labelledTexts = texts;
                }),
                TrainingSpec.EMPTY,
                List.of(1L));
        return Specs.withEvaluation(spec, new EvaluationSpec(300, 50, 4, 3, Map.of(), 40, labelled));
    }

    private static ProbeTextSpec probes(
            String dataset, String field, String label, List<String> positive, @Nullable Filter where) {
        return new ProbeTextSpec(dataset, field, label, positive, where, true);
    }
}
