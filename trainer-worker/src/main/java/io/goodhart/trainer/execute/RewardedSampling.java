package io.goodhart.trainer.execute;

import io.goodhart.datasets.Prompt;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.probing.Ensemble;
import io.goodhart.probing.Probe;
import io.goodhart.probing.TokenActivations;
import io.goodhart.trainer.artifact.ProbeSet;
import io.goodhart.trainer.artifact.ResponseRow;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import io.goodhart.tuning.data.Rollout;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.loop.Rollouts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Samples groups of responses from the model in training, scores them, and lets the training probes read them. What it draws depends
 * on the step, so that a training that goes on from a checkpoint draws the same.
 */
final class RewardedSampling implements Rollouts {
    private final Objective.Grpo spec;
    private final TrainingStart start;
    private final Scoring scoring;
    private final TaskContext context;
    private final long seed;
    private final List<Prompt> prompts;
    private final ProbeSet set;
    private final Ensemble probes;

    /** @param seed of the training */
    RewardedSampling(
            Objective.Grpo spec,
            TrainingStart start,
            Scoring scoring,
            TaskContext context,
            long seed,
            List<Prompt> prompts) {
        this.spec = spec;
        this.start = start;
        this.scoring = scoring;
        this.context = context;
        this.seed = seed;
        this.prompts = List.copyOf(prompts);
        this.set = ProbeSet.read(context.input("probes"));
        List<Probe> trained = set.of(ProbeRole.TRAIN);
        if (trained.size() < spec.probes()) {
            throw TaskFailedException.invalidInput(
                    "%d probes shall act, only %d are for training".formatted(spec.probes(), trained.size()));
        }
        this.probes = new Ensemble(trained.subList(0, spec.probes()), Signal.combination(spec.combine()));
    }

    @Override
    public List<List<Rollout>> sample(int step, int[] rows) {
        List<Prompt> asked = Arrays.stream(rows).mapToObj(prompts::get).toList();
        HookPoint point = new HookPoint(set.point().site(), set.layer());
        Sampler sampler = new Sampler(
                spec.sampling(),
                spec.numGenerations(),
                Seeds.derive(seed, "rollouts/step " + step),
                Set.of(point),
                set.point().pooling());
        Responses responses =
                start.withPolicy(policy -> sampler.sample(policy, asked, Stages.untold(), context.stop()));
        double[] tasks = tasks(responses.rows());
        double[] read =
                probabilities(Objects.requireNonNull(responses.activations().get(point)));
        List<List<Rollout>> groups = new ArrayList<>();
        for (int first = 0; first < tasks.length; first += spec.numGenerations()) {
            List<Rollout> group = new ArrayList<>();
            for (int n = first; n < first + spec.numGenerations(); n++) {
                group.add(rollout(responses.rows().get(n), tasks[n], read[n]));
            }
            groups.add(group);
        }
        return groups;
    }

    private double[] tasks(List<ResponseRow> rows) {
        @Nullable Scorer scorer = spec.scorer();
        if (scorer == null) {
            return new double[rows.size()];
        }
        List<String> texts = rows.stream().map(ResponseRow::response).toList();
        double[] scores = scoring.score(scorer, texts, context, Stages.untold());
        return switch (spec.task()) {
            case BEHAVIOUR -> scores;
            case ANTI_BEHAVIOUR -> Arrays.stream(scores).map(score -> 1 - score).toArray();
            case NONE -> throw TaskFailedException.invalidInput("A scorer without a task");
        };
    }

    private double[] probabilities(TokenActivations texts) {
        double[] all = new double[texts.n()];
        Arrays.fill(all, Double.NaN); // of a response without tokens
        int[] kept = texts.withRows();
        if (kept.length > 0) {
            double[] probabilities = probes.probabilities(texts.texts(kept));
            for (int n = 0; n < kept.length; n++) {
                all[kept[n]] = probabilities[n];
            }
        }
        return all;
    }

    private static Rollout rollout(ResponseRow row, double task, double probe) {
        int[] prompt = Passage.ids(row.promptIds());
        TokenIds ids = TokenIds.of(prompt).followedBy(TokenIds.of(Passage.ids(row.responseIds())));
        return new Rollout(ids, prompt.length, row.finished(), task, probe);
    }
}
