package io.goodhart.trainer.execute;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec.FitProbes;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ReadPoint;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.Activations;
import io.goodhart.trainer.artifact.Column;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Fits probes anew on responses of the untrained model, or on labelled texts, as the model at hand reads them. Nothing is sampled, and every model's
 * probes are fitted on the same texts and labels: what they lose is the model's, not that of rare positives.
 */
record Refit(FitProbes spec, List<Texts> sets) {
    private static final String STAGE = "refitting on shared texts, probe ";

    Refit {
        sets = List.copyOf(sets);
    }

    /** What one probe is fitted and calibrated on. */
    static final class Texts {
        private final List<ResponseRow> rows;
        private final double[] scores;

        Texts(List<ResponseRow> rows, double[] scores) {
            this.rows = rows;
            this.scores = scores;
        }
    }

    /** The inputs {@code refit.responses.i} and {@code refit.scores.i}. */
    static Refit read(FitProbes spec, TaskContext context) {
        List<Texts> sets = new ArrayList<>();
        for (int i = 0; i < spec.roles().size(); i++) {
            sets.add(new Texts(
                    JsonLines.read(ResponseRow.class, context.input("refit.responses." + i)),
                    Column.read(context.input("refit.scores." + i), Column.SCORE)));
        }
        return new Refit(spec, sets);
    }

    void plan(Stages stages, double cost) {
        for (int i = 0; i < sets.size(); i++) {
            stages.plan(STAGE + i, "texts", sets.get(i).rows.size(), cost);
        }
    }

    /**
     * One probe a set.
     *
     * @param frozen probes that read where these are to read
     */
    ProbeSet fit(DecoderModel model, ProbeSet frozen, TaskContext context, Stages stages) {
        ReadPoint point = frozen.point();
        HookPoint hook = new HookPoint(point.site(), frozen.layer());
        ProbeRecipe recipe = new ProbeRecipe(spec);
        List<Probe> probes = new ArrayList<>();
        for (int i = 0; i < sets.size(); i++) {
            Texts texts = sets.get(i);
            stages.start(STAGE + i);
            Map<HookPoint, TokenActivations> read = new TextReader(model, stages, context.stop())
                    .activations(texts.rows.stream().map(Passage::ofResponse).toList(), Set.of(hook), point.pooling());
            Activations activations = Activations.of(
                    new Activations.Source(point.model(), point.site(), point.pooling()),
                    Map.of(frozen.layer(), Objects.requireNonNull(read.get(hook))));
            LabelledSet set =
                    LabelledSet.of(i, texts.rows, texts.scores, activations, spec.threshold(), spec.fitPrompts());
            LabelledTexts calibration = set.calibrating(frozen.layer());
            FittedProbe fit = recipe.fit(frozen.layer(), i, set.fitting(frozen.layer()), calibration);
            probes.add(recipe.probe("refitted-" + i, ProbeRole.REFITTED, point, fit, calibration));
        }
        return new ProbeSet(probes);
    }
}
