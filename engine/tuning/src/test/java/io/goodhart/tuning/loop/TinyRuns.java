package io.goodhart.tuning.loop;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.Rollout;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.model.Tap;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.FrozenProbe;
import io.goodhart.tuning.objective.GrpoObjective;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.objective.ProbeAggregation;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.SftObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Small data and settings for a {@link io.goodhart.tuning.model.TinyModel}. */
final class TinyRuns {
    static final int VOCABULARY = 11;
    static final Optimization ADAM_W = new Optimization(
            new OptimizerRule.AdamW(0.9, 0.999, 1e-8, 0.01), 0.02, new Schedule.Linear(2, 10, 0.1), 1.0);

    private TinyRuns() {}

    static List<PreferencePair> pairs(int count) {
        SplitMix random = new SplitMix(3);
        return IntStream.range(0, count)
                .mapToObj(i -> new PreferencePair(
                        tokens(random, 1 + random.below(3)),
                        tokens(random, 1 + random.below(5)),
                        tokens(random, 1 + random.below(4))))
                .toList();
    }

    static List<TextExample> texts(int count) {
        SplitMix random = new SplitMix(4);
        return IntStream.range(0, count)
                .mapToObj(i -> new TextExample(tokens(random, 3 + random.below(5)), random.below(3)))
                .toList();
    }

    private static TokenIds tokens(SplitMix random, int length) {
        return TokenIds.of(
                IntStream.range(0, length).map(i -> random.below(VOCABULARY)).toArray());
    }

    static TrainingTask dpo(int rows) {
        return TrainingTask.Preferences.of(pairs(rows), DpoObjective.sigmoid(0.3));
    }

    static TrainingTask dpoWithKl(int rows) {
        return new TrainingTask.Preferences(
                pairs(rows),
                PairLoss.of(DpoObjective.sigmoid(0.3)).with(new KlAnchor(0.2, KlAnchor.Average.SEQUENCE)),
                Optional.empty());
    }

    static TrainingTask dpoWithNllAndKl(int rows) {
        KlAnchor kl = new KlAnchor(0.2, KlAnchor.Average.SEQUENCE);
        return new TrainingTask.Preferences(
                pairs(rows), new PairLoss(DpoObjective.sigmoid(0.3), 0.7, 0.4, Optional.of(kl)), Optional.empty());
    }

    static TrainingTask sft(int rows) {
        return TrainingTask.Sft.of(texts(rows), SftObjective.trl(SftObjective.Scope.WHOLE_SEQUENCE));
    }

    static TrainingTask probeSft(int rows) {
        return probeSft(rows, 2, ProbeSftObjective.Source.POLICY, Optional.empty());
    }

    static TrainingTask probeSft(int rows, double lambda, ProbeSftObjective.Source source, Optional<KlAnchor> kl) {
        List<FrozenProbe> probes = List.of(
                FrozenProbe.folded(new float[] {1, -1, 0.5f, 0, 2, 1}, 0.1f),
                FrozenProbe.folded(new float[] {-1, 0.5f, 1, 1, 0, -2}, -0.2f));
        SftObjective language = new SftObjective(SftObjective.Scope.WHOLE_SEQUENCE, SftObjective.Count.PREDICTED);
        ProbeSftObjective objective = new ProbeSftObjective(
                language,
                lambda,
                source,
                ProbeSftObjective.Output.PROBABILITY,
                new ProbeAggregation.RandomSwitch(5),
                probes);
        Tap tap = new Tap(new HookPoint(Site.RESID_POST, 0), Pooling.MEAN);
        return new TrainingTask.ProbeSft(texts(rows), objective, tap, kl);
    }

    /** Groups of three drawn by step and prompt, of which some have a response that no probe could read. */
    static TrainingTask grpo(int rows) {
        GrpoObjective objective = new GrpoObjective(0.5, 0.1, true, GrpoObjective.Average.TOKEN, 4);
        return new TrainingTask.Grpo(
                rows,
                objective,
                (step, prompts) -> Arrays.stream(prompts)
                        .mapToObj(prompt -> group(new SplitMix(100L * step + prompt)))
                        .toList());
    }

    private static List<Rollout> group(SplitMix random) {
        TokenIds prompt = tokens(random, 1 + random.below(3));
        return IntStream.range(0, 3)
                .mapToObj(n -> new Rollout(
                        prompt.followedBy(tokens(random, 1 + random.below(4))),
                        prompt.length(),
                        random.below(2) == 0,
                        random.uniform(),
                        random.below(5) == 0 ? Double.NaN : random.uniform()))
                .toList();
    }

    static List<TrainingTask> tasks(int rows) {
        KlAnchor kl = new KlAnchor(0.05, KlAnchor.Average.SEQUENCE);
        return List.of(
                dpo(rows),
                dpoWithKl(rows),
                dpoWithNllAndKl(rows),
                sft(rows),
                probeSft(rows),
                probeSft(rows, 0.3, ProbeSftObjective.Source.REFERENCE, Optional.of(kl)),
                grpo(rows));
    }

    /** Ten steps over three shuffled epochs, the last micro-batch of each smaller. */
    static BatchPlan plan(int rows) {
        return new BatchPlan(rows, 2, 2, 10, new DataOrder.Shuffled(21));
    }
}
