package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.DatasetRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.TaskSpec.FitProbes;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.probing.Probe;
import io.goodhart.probing.TokenActivations;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.artifact.SweepSummary;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FitProbesExecutorTest {
    private static final int FIT = 8;
    private static final int ALL = 12;

    @TempDir
    private Path directory;

    private static FitProbes spec(Pooling pooling, @Nullable Integer layer) {
        return spec(ProbeSpec.Kind.LOGISTIC, pooling, layer, List.of(ProbeRole.TRAIN, ProbeRole.HELD_OUT));
    }

    private static FitProbes spec(
            ProbeSpec.Kind kind, Pooling pooling, @Nullable Integer layer, List<ProbeRole> roles) {
        return new FitProbes(
                kind,
                2,
                Site.RESID_POST,
                pooling,
                kind.ownAggregation(),
                layer,
                1,
                ProbeSpec.ClassWeights.BALANCED,
                ProbeSpec.CalibrationMethod.PLATT,
                null,
                FIT,
                roles,
                0.5,
                7,
                DatasetRevision.ofFile("data/prompts.jsonl", Hashes.sha256("data")),
                "{text}",
                null,
                new ResponseSpec(24, 0.7, 5, 0.9));
    }

    private static double[] alternating() {
        double[] scores = new double[ALL];
        for (int n = 0; n < ALL; n++) {
            scores[n] = n % 2 == 0 ? 0.9 : 0.1;
        }
        return scores;
    }

    /** The first feature tells the classes apart, the second does not. */
    private static float[] telling() {
        float[] values = new float[2 * ALL];
        for (int n = 0; n < ALL; n++) {
            values[2 * n] = (n % 2 == 0 ? 1 : -1) + 0.1f * n;
            values[2 * n + 1] = n % 3;
        }
        return values;
    }

    private void fit(TaskFiles files, FitProbes spec) {
        new FitProbesExecutor().execute(spec, files.context(spec));
    }

    private TaskFiles files(double[] scores, float[] values) {
        TaskFiles files = new TaskFiles(directory);
        List<ResponseRow> rows = TaskFiles.prompts(ALL);
        files.responses(0, rows, scores, values);
        files.responses(1, rows, scores, values);
        return files;
    }

    private static void assertInvalid(ThrowingRun run, String... texts) {
        assertThatThrownBy(run::run)
                .isInstanceOfSatisfying(
                        TaskFailedException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_INPUT))
                .message()
                .contains(texts);
    }

    @FunctionalInterface
    private interface ThrowingRun {
        void run();
    }

    @Test
    void probesAreNamedByRoleAndDescribedBySweep() {
        FitProbes spec = spec(Pooling.MEAN, null);
        TaskFiles files = files(alternating(), telling());
        TaskContext context = files.context(spec);
        new FitProbesExecutor().execute(spec, context);

        ProbeSet set = ProbeSet.read(context.output("probes"));
        SweepSummary sweep = JsonLines.readOne(SweepSummary.class, context.output("sweep"));
        assertThat(set.layer()).isEqualTo(3);
        assertThat(set.point().model()).isEqualTo(TaskFiles.MODEL);
        assertThat(set.probes()).extracting(probe -> probe.name()).containsExactly("train-0", "held_out-0");
        assertThat(sweep.aurocByLayer()).containsEntry("3", 1.0);
        assertThat(sweep.baseRate()).isEqualTo(0.5);
        assertThat(sweep.counts()).containsEntry("responses", 2 * ALL).containsEntry("positives", ALL);
        assertThat(sweep.fits().get("train-0")).containsEntry("examples", FIT);
    }

    @ParameterizedTest
    @EnumSource(ProbeSpec.Kind.class)
    void everyKindReadsTokensAndIsCalibratedForEachWayToAggregate(ProbeSpec.Kind kind) {
        ComputeThread.prepare(1);
        FitProbes spec = spec(kind, Pooling.PER_TOKEN, 3, List.of(ProbeRole.TRAIN, ProbeRole.HELD_OUT));
        TaskFiles files = files(alternating(), telling());
        CollectedRows tokens = new CollectedRows();
        for (int n = 0; n < ALL; n++) {
            float first = (n % 2 == 0 ? 1 : -1) + 0.1f * n;
            tokens.add(new float[] {first, n % 3, 0, 1 - n % 2, first, 1}, 3);
        }
        TokenActivations texts = tokens.together();
        files.activations(0, Pooling.PER_TOKEN, texts);
        files.activations(1, Pooling.PER_TOKEN, texts);
        TaskContext context = files.context(spec);
        new FitProbesExecutor().execute(spec, context);

        Probe probe = ProbeSet.read(context.output("probes")).probes().getFirst();
        SweepSummary sweep = JsonLines.readOne(SweepSummary.class, context.output("sweep"));
        assertThat(probe.fit().kind()).isEqualTo(kind);
        assertThat(probe.aggregation()).isEqualTo(kind.ownAggregation());
        assertThat(probe.calibrations().keySet())
                .isEqualTo(
                        kind == ProbeSpec.Kind.ATTENTION
                                ? EnumSet.of(Aggregation.ATTENTION, Aggregation.MULTIMAX)
                                : EnumSet.complementOf(EnumSet.of(Aggregation.ATTENTION)));
        assertThat(probe.calibration().slope()).isNotEqualTo(1);
        assertThat(sweep.fits().get("train-0"))
                .containsEntry("pooling", "per_token")
                .containsEntry("template", "{text}")
                .containsEntry("decoding", Map.of("max_new_tokens", 24, "temperature", 0.7, "top_k", 5, "top_p", 0.9))
                .containsEntry("calibration_method", "platt")
                .containsEntry("calibration_auroc", 1.0);
        assertThat(sweep.cosine()).hasSize(probe.fit().linear().isPresent() ? 2 : 0);
    }

    @Test
    void aControlIsFittedOnShuffledLabelsAndCountsNowhere() {
        List<ProbeRole> roles = List.of(ProbeRole.TRAIN, ProbeRole.CONTROL);
        FitProbes spec = spec(ProbeSpec.Kind.LOGISTIC, Pooling.MEAN, null, roles);
        TaskFiles files = files(alternating(), telling());
        TaskContext context = files.context(spec);
        new FitProbesExecutor().execute(spec, context);

        ProbeSet set = ProbeSet.read(context.output("probes"));
        SweepSummary sweep = JsonLines.readOne(SweepSummary.class, context.output("sweep"));
        assertThat(set.of(ProbeRole.CONTROL)).extracting(Probe::name).containsExactly("control-0");
        assertThat(set.of(ProbeRole.CONTROL).getFirst().fit())
                .isNotEqualTo(set.of(ProbeRole.TRAIN).getFirst().fit());
        assertThat(sweep.aurocByLayer()).containsEntry("3", 1.0);
        assertThat(sweep.counts()).containsEntry("responses", ALL);
        assertThat(sweep.fits().get("control-0")).containsEntry("positives", FIT / 2);
    }

    @Test
    void emptyResponsesTakeNoPart() {
        List<ResponseRow> rows = new ArrayList<>(TaskFiles.prompts(ALL));
        rows.set(0, TaskFiles.empty(0, 0));
        float[] values = telling();
        values[0] = Float.NaN;
        values[1] = Float.NaN;
        TaskFiles files = new TaskFiles(directory);
        files.responses(0, rows, alternating(), values);
        files.responses(1, rows, alternating(), values);
        FitProbes spec = spec(Pooling.MEAN, 3);
        TaskContext context = files.context(spec);
        new FitProbesExecutor().execute(spec, context);

        SweepSummary sweep = JsonLines.readOne(SweepSummary.class, context.output("sweep"));
        assertThat(sweep.counts()).containsEntry("empty", 2);
        assertThat(sweep.fits().get("train-0")).containsEntry("examples", FIT - 1);
    }

    @Test
    void oneClassOnlyIsInvalidInput() {
        double[] scores = new double[ALL];
        TaskFiles files = files(scores, telling());

        assertInvalid(() -> fit(files, spec(Pooling.MEAN, 3)), "Probe 0", "0 positive and 8 negative");
    }

    @Test
    void retrainedProbeThatHasOneClassOnlyIsLeftOut() {
        List<ResponseRow> rows = TaskFiles.prompts(ALL);
        TaskFiles files = new TaskFiles(directory);
        files.responses(0, rows, new double[ALL], telling());
        files.responses(1, rows, alternating(), telling());
        FitProbes spec = retrained();
        TaskContext context = files.context(spec);
        new FitProbesExecutor().execute(spec, context);

        assertThat(ProbeSet.read(context.output("probes")).probes())
                .extracting(probe -> probe.name())
                .containsExactly("retrained-0");
    }

    @Test
    void withoutAnyPositiveThereAreNoRetrainedProbes() {
        TaskFiles files = files(new double[ALL], telling());
        FitProbes spec = retrained();
        TaskContext context = files.context(spec);
        new FitProbesExecutor().execute(spec, context);

        assertThat(ProbeSet.read(context.output("probes")).isEmpty()).isTrue();
        SweepSummary sweep = JsonLines.readOne(SweepSummary.class, context.output("sweep"));
        assertThat(sweep.probes()).isEmpty();
        assertThat(sweep.baseRate()).isZero();
    }

    private static FitProbes retrained() {
        List<ProbeRole> roles = List.of(ProbeRole.RETRAINED, ProbeRole.RETRAINED);
        return spec(ProbeSpec.Kind.LOGISTIC, Pooling.MEAN, 3, roles);
    }

    @Test
    void calibrationOfOneClassCannotChooseALayer() {
        double[] scores = alternating();
        for (int n = FIT; n < ALL; n++) {
            scores[n] = 0.1;
        }
        TaskFiles files = files(scores, telling());

        assertInvalid(() -> fit(files, spec(Pooling.MEAN, null)), "No layer can be chosen");
    }

    @Test
    void activationThatIsNotANumberSaysThatTheModelDiverged() {
        float[] values = telling();
        values[5] = Float.NaN;
        TaskFiles files = files(alternating(), values);

        assertThatThrownBy(() -> fit(files, spec(Pooling.MEAN, 3)))
                .isInstanceOfSatisfying(
                        TaskFailedException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DIVERGED))
                .hasMessageContaining("Feature 1 of response 2 of probe 0 at layer 3 is NaN");
    }

    @Test
    void activationsThatAreAllAlikeAreInvalidInput() {
        TaskFiles files = files(alternating(), new float[2 * ALL]);

        assertInvalid(
                () -> fit(files, spec(Pooling.MEAN, 3)),
                "Probe 0 cannot be fitted at layer 3",
                "All 2 features are the same");
    }

    @Test
    void activationsPooledOtherwiseAreInvalidInput() {
        TaskFiles files = files(alternating(), telling());

        assertInvalid(() -> fit(files, spec(Pooling.LAST, 3)), "MEAN", "LAST");
    }

    @Test
    void missingInputIsInvalidInput() {
        TaskFiles files = new TaskFiles(directory);

        assertInvalid(() -> fit(files, spec(Pooling.MEAN, 3)), "responses.0");
    }
}
