package io.goodhart.tuning.loop;

import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.logprob.PairScore;
import io.goodhart.tuning.model.Tap;
import io.goodhart.tuning.objective.GrpoObjective;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.objective.PreferenceObjective;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.SftObjective;
import java.util.List;
import java.util.Optional;

/** What is learnt from which rows. */
public sealed interface TrainingTask {
    /** Number of rows. */
    int rows();

    /**
     * Learning from preference pairs.
     *
     * @param reference log-probabilities under the reference for each pair; if absent, the model's own reference is asked at
     *     every step. Scores that were computed in other batches differ in the last bits: rewards of the first steps are then
     *     about 1e-6 instead of 0, and the accuracy of such rewards means nothing
     */
    record Preferences(List<PreferencePair> pairs, PairLoss loss, Optional<List<PairScore>> reference)
            implements TrainingTask {
        public Preferences {
            pairs = List.copyOf(pairs);
            reference = reference.map(List::copyOf);
            int scored = reference.map(List::size).orElse(pairs.size());
            if (scored != pairs.size()) {
                throw new IllegalArgumentException(
                        "Need a reference score for each of %d pairs, got %d".formatted(pairs.size(), scored));
            }
        }

        /** With a preference loss alone, asking the model's own reference. */
        public static Preferences of(List<PreferencePair> pairs, PreferenceObjective objective) {
            return new Preferences(pairs, PairLoss.of(objective), Optional.empty());
        }

        @Override
        public int rows() {
            return pairs.size();
        }
    }

    /**
     * Supervised fine-tuning.
     *
     * @param kl penalty on leaving the reference, if any
     */
    record Sft(List<TextExample> examples, SftObjective objective, Optional<KlAnchor> kl) implements TrainingTask {
        public Sft {
            examples = List.copyOf(examples);
        }

        /** Without a KL term. */
        public static Sft of(List<TextExample> examples, SftObjective objective) {
            return new Sft(examples, objective, Optional.empty());
        }

        @Override
        public int rows() {
            return examples.size();
        }
    }

    /**
     * Supervised fine-tuning against probes.
     *
     * @param tap what the probes read
     * @param kl penalty on leaving the reference, if any
     */
    record ProbeSft(List<TextExample> examples, ProbeSftObjective objective, Tap tap, Optional<KlAnchor> kl)
            implements TrainingTask {
        public ProbeSft {
            examples = List.copyOf(examples);
        }

        /** Without a KL term. */
        public static ProbeSft of(List<TextExample> examples, ProbeSftObjective objective, Tap tap) {
            return new ProbeSft(examples, objective, tap, Optional.empty());
        }

        @Override
        public int rows() {
            return examples.size();
        }
    }

    /**
     * Learning from own responses, which are sampled in the course of it.
     *
     * @param rows number of prompts
     * @param rollouts samples responses to them
     */
    record Grpo(int rows, GrpoObjective objective, Rollouts rollouts) implements TrainingTask {}
}
