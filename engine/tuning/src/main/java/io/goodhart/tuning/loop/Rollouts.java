package io.goodhart.tuning.loop;

import io.goodhart.tuning.data.Rollout;
import java.util.List;

/** Samples from the policy as it is now. */
@FunctionalInterface
public interface Rollouts {
    /**
     * A group of responses for each prompt, all groups of one size. Depends on the policy, the step and the prompts alone.
     *
     * @param step number of the step, from 0
     * @param prompts row numbers
     */
    List<List<Rollout>> sample(int step, int[] prompts);
}
