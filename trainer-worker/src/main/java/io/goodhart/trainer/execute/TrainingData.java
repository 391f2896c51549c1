package io.goodhart.trainer.execute;

import io.goodhart.datasets.Prompt;
import io.goodhart.datasets.Text;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.TaskSpec.Train;
import io.goodhart.domain.plan.TextSlice;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.Probe;
import io.goodhart.trainer.artifact.JsonLines;
import io.goodhart.trainer.artifact.PairRow;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.logprob.PairScore;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.Tap;
import io.goodhart.tuning.objective.FrozenProbe;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.SftObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a task's objective and inputs into what the training loop learns from. */
final class TrainingData {
    /** L_LM is the mean over predicted tokens with and without probes, so that only the probes' term tells the arms apart. */
    private static final SftObjective LANGUAGE =
            new SftObjective(SftObjective.Scope.WHOLE_SEQUENCE, SftObjective.Count.PREDICTED);

    private final DataFiles data;
    private final Scoring scoring;
    private final TrainingStart start;
    private final LoadedModel base;
    private final Train spec;
    private final TaskContext context;
    private int truncated;

    TrainingData(DataFiles data, Scoring scoring, TrainingStart start, Train spec, TaskContext context) {
        this.data = data;
        this.scoring = scoring;
        this.start = start;
        this.base = start.base();
        this.spec = spec;
        this.context = context;
    }

    TrainingTask task() {
        return switch (spec.objective()) {
            case Objective.Dpo dpo -> preferences(dpo.loss());
            case Objective.Sft sft -> new TrainingTask.Sft(texts(sft.texts()), LANGUAGE, kl());
            case Objective.ProbeSft sft -> probeSft(sft);
            case Objective.Grpo grpo -> onPolicy(grpo);
        };
    }

    /** Rows of the task that were cut to the longest sequence. */
    int truncated() {
        return truncated;
    }

    /** Longest sequence in tokens. */
    private int longest() {
        int asked = spec.settings().maxLength();
        return asked == 0 ? base.context() : Math.min(asked, base.context());
    }

    private TrainingTask preferences(PairLossSettings loss) {
        List<PreferencePair> pairs = new ArrayList<>();
        List<PairScore> reference = new ArrayList<>();
        int cut = 0;
        for (PairRow row : JsonLines.read(PairRow.class, context.input("pairs"))) {
            List<Integer> chosen = cut(row, row.chosenIds());
            List<Integer> rejected = cut(row, row.rejectedIds());
            boolean whole = chosen.size() == row.chosenIds().size()
                    && rejected.size() == row.rejectedIds().size();
            cut += whole ? 0 : 1;
            pairs.add(new PreferencePair(ids(row.promptIds()), ids(chosen), ids(rejected)));
            reference.add(new PairScore(row.chosenReferenceLogProb(), row.rejectedReferenceLogProb()));
        }
        if (pairs.isEmpty()) {
            throw TaskFailedException.invalidInput("There is no pair to learn from");
        }
        warnOfCuts(cut, pairs.size(), "pairs");
        return new TrainingTask.Preferences(
                pairs,
                Losses.of(loss, kl()),
                cut > 0
                        ? Optional.empty()
                        : Optional.of(reference)); // of what was cut the reference must be asked anew
    }

    private List<Integer> cut(PairRow row, List<Integer> completion) {
        int room = longest() - row.promptIds().size();
        if (room < 1) {
            throw TaskFailedException.invalidInput("Prompt %d has %d tokens and leaves no room in %d"
                    .formatted(row.promptIndex(), row.promptIds().size(), longest()));
        }
        return completion.size() > room ? completion.subList(0, room) : completion;
    }

    private static TokenIds ids(List<Integer> ids) {
        return TokenIds.of(Passage.ids(ids));
    }

    private List<TextExample> texts(TextSlice slice) {
        List<TextExample> examples = new ArrayList<>();
        int cut = 0;
        int tooShort = 0;
        for (Text text : data.texts(context, slice)) {
            int[] ids = base.textIds(text.text(), Integer.MAX_VALUE);
            cut += ids.length > longest() ? 1 : 0;
            if (ids.length < 2) {
                tooShort++;
                continue;
            }
            examples.add(new TextExample(TokenIds.of(Arrays.copyOf(ids, Math.min(ids.length, longest()))), 0));
        }
        if (examples.isEmpty()) {
            throw TaskFailedException.invalidInput("There is no text to learn from");
        }
        warnOfCuts(cut, examples.size(), "texts");
        if (tooShort > 0) {
            context.event(
                    "warn",
                    "left_out",
                    "%d texts have fewer than two tokens and are left out".formatted(tooShort),
                    Map.of("left_out", tooShort));
        }
        return examples;
    }

    private void warnOfCuts(int cut, int all, String what) {
        truncated = cut;
        if (cut > 0) {
            context.event(
                    "warn",
                    "truncated",
                    "%d of %d %s are longer than %d tokens and are cut".formatted(cut, all, what, longest()),
                    Map.of("truncated", cut));
        }
    }

    private TrainingTask probeSft(Objective.ProbeSft sft) {
        ProbeSet set = ProbeSet.read(context.input("probes"));
        List<Probe> probes = set.of(ProbeRole.TRAIN);
        if (probes.size() < sft.probes()) {
            throw TaskFailedException.invalidInput(
                    "%d probes shall act, only %d are for training".formatted(sft.probes(), probes.size()));
        }
        ProbeSftObjective objective = new ProbeSftObjective(
                LANGUAGE,
                sft.lambda(),
                Losses.source(sft.activations()),
                Losses.output(sft.output()),
                Losses.aggregation(sft, spec.seed()),
                probes.subList(0, sft.probes()).stream()
                        .map(TrainingData::frozen)
                        .toList());
        Tap tap = new Tap(
                new HookPoint(set.point().site(), set.layer()), set.point().pooling());
        return new TrainingTask.ProbeSft(texts(sft.texts()), objective, tap, kl());
    }

    private TrainingTask onPolicy(Objective.Grpo grpo) {
        List<Prompt> prompts = data.prompts(context, grpo.prompts());
        return new TrainingTask.Grpo(
                prompts.size(),
                Losses.of(grpo, grpo.sampling().maxNewTokens()),
                new RewardedSampling(grpo, start, scoring, context, spec.seed(), prompts));
    }

    private Optional<KlAnchor> kl() {
        double weight = spec.settings().klWeight();
        return weight == 0 ? Optional.empty() : Optional.of(new KlAnchor(weight, KlAnchor.Average.SEQUENCE));
    }

    /** Its logit as it was fitted: what is calibrated beside it, slope, intercept and threshold, does not enter a loss. */
    private static FrozenProbe frozen(Probe probe) {
        LinearFit fit = probe.fit()
                .linear()
                .orElseThrow(() -> TaskFailedException.invalidInput(
                        "Training against probes needs a direction; a probe of kind %s is none"
                                .formatted(probe.fit().kind())));
        return new FrozenProbe(
                fit.standardiser().mean().toFloats(),
                fit.standardiser().scale().toFloats(),
                fit.weight().toFloats(),
                (float) fit.bias());
    }
}
