package io.goodhart.tuning.loop;

import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.logprob.PairScore;
import io.goodhart.tuning.objective.KlAnchor;
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
     * @param kl penalty on leaving the reference, if any
     * @param reference log-probabilities under the reference for each pair; if absent, the model's own reference is asked at
     *     every step. Scores that were computed in other batches differ in the last bits: rewards of the first steps are then
     *     about 1e-6 instead of 0, and the accuracy of such rewards means nothing
     */
    record Preferences(
            List<PreferencePair> pairs,
            PreferenceObjective objective,
            Optional<KlAnchor> kl,
            Optional<List<PairScore>> reference)
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

        /** Without a KL term, asking the model's own reference. */
        public static Preferences of(List<PreferencePair> pairs, PreferenceObjective objective) {
            return new Preferences(pairs, objective, Optional.empty(), Optional.empty());
        }

        @Override
        public int rows() {
            return pairs.size();
        }
    }

    /** Supervised fine-tuning. */
    record Sft(List<TextExample> examples, SftObjective objective) implements TrainingTask {
        public Sft {
            examples = List.copyOf(examples);
        }

        @Override
        public int rows() {
            return examples.size();
        }
    }

    /**
     * Supervised fine-tuning against probes.
     *
     * @param block block, counted from 0, behind which the probes read the residual stream
     */
    record ProbeSft(List<TextExample> examples, ProbeSftObjective objective, int block) implements TrainingTask {
        public ProbeSft {
            examples = List.copyOf(examples);
            if (block < 0) {
                throw new IllegalArgumentException("Need a block >= 0, got " + block);
            }
        }

        @Override
        public int rows() {
            return examples.size();
        }
    }
}
