package io.goodhart.api.report;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.ArmReport.SeedRun;
import io.goodhart.domain.report.Estimate;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.spec.ResponseSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** An arm of each of two reports, and what their runs were measured on. */
final class TwoArms {
    private TwoArms() {}

    static ArmReport arm(ArmReport.Kind kind, long... seeds) {
        return new ArmReport(
                "arm",
                "dpo",
                "",
                kind,
                null,
                Arrays.stream(seeds)
                        .mapToObj(seed -> new SeedRun(seed, 0, 0, new Estimate(0, null, null, List.of()), 0, 0, 0, 0))
                        .toList(),
                null,
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                Map.of(),
                null,
                null);
    }

    static ArmReport arm(long... seeds) {
        return arm(ArmReport.Kind.TREATMENT, seeds);
    }

    static ProbeResult heldOut(TextSet set, int probes) {
        return new ProbeResult(
                ProbeGroup.HELD_OUT,
                set,
                Transfer.FROZEN,
                probes,
                0,
                0,
                null,
                null,
                null,
                null,
                0,
                null,
                null,
                null,
                null);
    }

    /** The same measurement on the same prompts with another template around them. */
    static Measured templated(Measured of) {
        TaskSpec.Evaluate e = of.evaluation();
        PromptSlice p = e.prompts();
        return new Measured(
                new TaskSpec.Evaluate(
                        e.model(),
                        new PromptSlice(
                                p.dataset(),
                                p.field(),
                                p.where(),
                                p.prefix(),
                                "Say: {text}",
                                p.seed(),
                                p.offset(),
                                p.count()),
                        e.sampling(),
                        e.seed(),
                        e.scorer(),
                        e.threshold(),
                        e.corpora(),
                        e.labelledTexts(),
                        null,
                        null),
                of.fixedTexts(),
                of.details());
    }

    /** Measured on prompts and labelled texts of a file and on fixed texts that are named. */
    static Measured measured(String file, String fixedTexts, Map<String, double[]> arrays) {
        ModelRevision model = new ModelRevision("model", Hashes.sha256("model"));
        DatasetRevision dataset = DatasetRevision.ofFile(file, Hashes.sha256(file));
        TextSlice texts = new TextSlice(dataset, "text", "label", null, null, false, 0, 8, null, null);
        return new Measured(
                new TaskSpec.Evaluate(
                        model,
                        new PromptSlice(dataset, "text", null, null, "{text}", 0, 0, 8),
                        ResponseSpec.DEFAULTS,
                        1,
                        new Scorer.Classifier(model, "toxic"),
                        0.5,
                        Map.of("wiki", texts),
                        texts,
                        null,
                        null),
                new ArtifactId(Hashes.sha256(fixedTexts)),
                RunDetails.of(arrays));
    }
}
