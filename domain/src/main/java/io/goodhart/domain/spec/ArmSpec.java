package io.goodhart.domain.spec;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One way of training or not training. */
public sealed interface ArmSpec {
    /** Every method by the name it has outside. */
    static Map<String, Class<? extends ArmSpec>> methods() {
        return Map.of(
                "none", None.class,
                "dpo", Dpo.class,
                "sft", Sft.class,
                "probe_sft", ProbeSft.class,
                "best_of_n", BestOfN.class,
                "grpo", Grpo.class);
    }

    /** What this arm changes of the experiment's hyper-parameters. */
    TrainingSpec training();

    /** Whether weights move. */
    default boolean trains() {
        return switch (this) {
            case None ignored -> false;
            case BestOfN ignored -> false;
            case Dpo ignored -> true;
            case Sft ignored -> true;
            case ProbeSft ignored -> true;
            case Grpo ignored -> true;
        };
    }

    /** The same arm with all its hyper-parameters: its own over the experiment's. */
    default ArmSpec over(TrainingSpec experiment) {
        TrainingSpec together = experiment.overlaid(training());
        return switch (this) {
            case None none -> none;
            case Dpo dpo -> new Dpo(dpo.labelBy, dpo.probes, dpo.combine, together);
            case BestOfN best -> best;
            case Sft ignored -> new Sft(together);
            case ProbeSft sft ->
                new ProbeSft(
                        sft.lambda, sft.probes, sft.combine, sft.switchEvery, sft.output, sft.activations, together);
            case Grpo grpo -> grpo.with(together);
        };
    }

    /** The base model as it is: the baseline. */
    record None() implements ArmSpec {
        @Override
        public TrainingSpec training() {
            return TrainingSpec.EMPTY;
        }
    }

    /**
     * Direct preference optimisation (Rafailov et al. 2023) on pairs labelled by a signal.
     *
     * @param labelBy what orders a prompt's responses
     * @param probes number of training probes that label, with {@link LabelBy#PROBES}
     * @param combine how several probes' probabilities become one score
     */
    record Dpo(
            LabelBy labelBy,
            @Nullable Integer probes,
            @Nullable Combine combine,
            TrainingSpec training) implements ArmSpec {
        public Dpo {
            labelBy = Require.present(labelBy, "label_by");
            training = Require.orElse(training, TrainingSpec.EMPTY);
        }

        /** Whether its pairs are read and not made of sampled responses. */
        public boolean readsPairs() {
            return labelBy == LabelBy.DATASET;
        }
    }

    /**
     * Best of n, without training: of n responses of the untrained model to a prompt the one with the lowest label is given. How far
     * that is from the untrained model is known: KL ≤ log n − (n−1)/n nats a response (Beirami et al. 2024, arXiv:2401.01879).
     *
     * @param n responses to choose from
     * @param labelBy what orders them
     * @param probes number of training probes that label, with {@link LabelBy#PROBES}
     * @param combine how several probes' probabilities become one score
     */
    record BestOfN(
            Integer n,
            LabelBy labelBy,
            @Nullable Integer probes,
            @Nullable Combine combine) implements ArmSpec {
        public BestOfN {
            n = Require.orElse(n, 5);
            labelBy = Require.present(labelBy, "label_by");
        }

        @Override
        public TrainingSpec training() {
            return TrainingSpec.EMPTY;
        }

        /** log n − (n−1)/n of the arm's n. */
        public double klBound() {
            return klBound(n);
        }

        /** log n − (n−1)/n, nats a response. */
        public static double klBound(int n) {
            return Math.log(n) - (n - 1.0) / n;
        }

        /** Numbers of first responses whose best is measured: 1, 2, 4, … below n, and n. */
        public List<Integer> points() {
            return IntStream.concat(IntStream.iterate(1, point -> point < n, point -> 2 * point), IntStream.of(n))
                    .boxed()
                    .toList();
        }
    }

    /** Supervised fine-tuning on the experiment's texts. */
    record Sft(TrainingSpec training) implements ArmSpec {
        public Sft {
            training = Require.orElse(training, TrainingSpec.EMPTY);
        }
    }

    /**
     * Probe-SFT (Wehner and Fritz 2025, section 3.4): L = L_LM + λ·p_probe(h̄), the gradient going through the probe. With the
     * reference's activations, which is beyond the paper, a text's likelihood weighs 1 − λ·p_probe, and no gradient goes through the
     * probe.
     *
     * @param lambda λ ≥ 0; at most 1 with the reference's activations, so that no weight is negative
     * @param probes number of training probes in the loss
     * @param combine which probe or mean acts in which step
     * @param switchEvery steps that {@link ProbeAggregation#TIMED_SWITCH} stays with a probe
     * @param output what of the probe enters the loss
     * @param activations whose activations of a text the probes read
     */
    record ProbeSft(
            Double lambda,
            Integer probes,
            ProbeAggregation combine,
            Integer switchEvery,
            ProbeOutput output,
            ProbedModel activations,
            TrainingSpec training)
            implements ArmSpec {
        public ProbeSft {
            lambda = Require.orElse(lambda, 1.0);
            probes = Require.orElse(probes, 1);
            combine = Require.orElse(combine, probes == 1 ? ProbeAggregation.AVERAGE : ProbeAggregation.TIMED_SWITCH);
            switchEvery = Require.orElse(switchEvery, 5);
            output = Require.orElse(output, ProbeOutput.PROBABILITY);
            activations = Require.orElse(activations, ProbedModel.POLICY);
            training = Require.orElse(training, TrainingSpec.EMPTY);
        }
    }

    /**
     * Group-relative policy optimisation (Shao et al. 2024) on responses of the model in training to the prompts of the pairs, beyond
     * the paper. Reward of a response: r = task − λ·p, p the training probes' probability on the model's own activations. One update
     * for each batch of responses. Names and defaults are TRL's.
     *
     * @param task what of the behaviour's scorer is rewarded
     * @param lambda λ ≥ 0; 0 is the control
     * @param probes number of training probes in the reward
     * @param combine how several probes' probabilities become one
     * @param numGenerations responses to each prompt: a group
     * @param beta weight of the KL from the untrained model, ≥ 0
     * @param scaleRewards whether an advantage is divided by its group's standard deviation
     * @param lossType how the loss of tokens becomes one number
     */
    record Grpo(
            TaskReward task,
            Double lambda,
            Integer probes,
            Combine combine,
            Integer numGenerations,
            Double beta,
            ScaleRewards scaleRewards,
            GrpoLoss lossType,
            TrainingSpec training)
            implements ArmSpec {
        public Grpo {
            task = Require.present(task, "task");
            lambda = Require.orElse(lambda, 1.0);
            probes = Require.orElse(probes, 1);
            combine = Require.orElse(combine, Combine.MEAN);
            numGenerations = Require.orElse(numGenerations, 8);
            beta = Require.orElse(beta, 0.0);
            scaleRewards = Require.orElse(scaleRewards, ScaleRewards.GROUP);
            lossType = Require.orElse(lossType, GrpoLoss.DAPO);
            training = Require.orElse(training, TrainingSpec.EMPTY);
        }

        /** The same with other hyper-parameters. */
        Grpo with(TrainingSpec other) {
            return new Grpo(task, lambda, probes, combine, numGenerations, beta, scaleRewards, lossType, other);
        }

        /** The same without its signal, the probe, and without hyper-parameters: equal for an arm and its control. */
        public Grpo withoutProbe() {
            return new Grpo(
                    task, 0.0, 1, Combine.MEAN, numGenerations, beta, scaleRewards, lossType, TrainingSpec.EMPTY);
        }
    }

    /** What of the behaviour's scorer is rewarded. */
    enum TaskReward {
        /** The score: the behaviour is wanted. */
        BEHAVIOUR,
        /** 1 − score. */
        ANTI_BEHAVIOUR,
        /** Nothing: the probes alone. */
        NONE
    }

    /** What advantages are divided by; TRL's names. */
    enum ScaleRewards {
        /** The standard deviation of the group's rewards. */
        GROUP,
        NONE
    }

    /** How the losses of tokens become one number; TRL's names. */
    enum GrpoLoss {
        /** Mean over a response's tokens, then over responses. */
        GRPO,
        /** Sum over the number of responses and the longest possible one. */
        DR_GRPO,
        /** Mean over all tokens of a step. */
        DAPO
    }

    /** What orders the responses to a prompt. */
    enum LabelBy {
        /** The behaviour's scorer. */
        SCORER,
        /** Probabilities of training probes. */
        PROBES,
        /** Nothing: a control. */
        RANDOM,
        /** Nothing: the pairs' data set says which completion is chosen. */
        DATASET
    }

    /** How several probes' probabilities become one score. */
    enum Combine {
        MEAN,
        MIN,
        MAX
    }

    /** Which probe or mean acts in which step (Wehner and Fritz 2025, appendix B). */
    enum ProbeAggregation {
        AVERAGE,
        RANDOM_SWITCH,
        TIMED_SWITCH,
        MIN,
        MAX
    }

    /** Whose activations a probe reads in training. */
    enum ProbedModel {
        /** Those of the model in training. */
        POLICY,
        /** Those of the untrained model. */
        REFERENCE
    }

    /** What of a probe enters the loss. */
    enum ProbeOutput {
        PROBABILITY,
        LOGIT
    }
}
