package io.goodhart.domain.cost;

import io.goodhart.domain.plan.Objective;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.plan.TextSlice;

/**
 * How much tasks compute.
 *
 * @param units what the time of one kind of task is proportional to, for one model: tokens of responses, examples, …
 * @param tokens tokens that are sampled, read or trained on, at most
 * @param steps optimiser steps, at most
 */
public record Workload(double units, long tokens, long steps) {
    /**
     * Reading a text costs so much of sampling a response, and scoring and measuring its perplexity so much; as measured on the bundled
     * model with responses of {@link #TEXT} tokens, which is what a text counts whose length the data decide.
     */
    private static final double READING = 0.1;

    private static final double SCORING = 0.15;
    private static final double PERPLEXITY = 0.2;
    private static final int TEXT = 24;

    public static final Workload NOTHING = new Workload(0, 0, 0);

    /** Both together. */
    public Workload plus(Workload other) {
        return new Workload(units + other.units, tokens + other.tokens, steps + other.steps);
    }

    /** Responses that a task samples. */
    static long responses(TaskSpec.Generate generate) {
        return (long) generate.prompts().count() * generate.samplesPerPrompt();
    }

    /** Units of sampling: tokens, at most. */
    static double units(TaskSpec.Generate generate) {
        return (double) responses(generate) * generate.sampling().maxNewTokens();
    }

    /**
     * Units of so many examples of a training.
     *
     * @param responseTokens tokens that a response which it learns from has at most; 0 if it learns from texts
     */
    static double units(TaskSpec.Train train, double examples, int responseTokens) {
        int own = train.objective() instanceof Objective.Grpo grpo
                ? grpo.sampling().maxNewTokens()
                : responseTokens;
        return examples * (own == 0 ? TEXT : own);
    }

    /** Units of an evaluation: own responses are sampled, scored and read twice, fixed texts once; the best of n are only read. */
    static double units(TaskSpec.Evaluate evaluate) {
        TaskSpec.Selection selection = evaluate.selection();
        double own =
                selection == null ? 1 + SCORING + READING : selection.points().size() * READING;
        double responses = evaluate.prompts().count()
                * (own + 2 * READING)
                * evaluate.sampling().maxNewTokens();
        double corpora =
                evaluate.corpora().values().stream().mapToLong(TextSlice::count).sum() * PERPLEXITY;
        TextSlice labelled = evaluate.labelledTexts();
        double fixed = labelled == null ? 0 : labelled.count() * READING;
        TaskSpec.FitProbes refit = evaluate.refit();
        double refitted = refit == null ? 0 : refit.roles().size() * refit.fitPrompts() * READING * tokens(refit);
        return responses + TEXT * (corpora + fixed) + refitted;
    }

    private static int tokens(TaskSpec.FitProbes refit) {
        return refit.sampling() == null ? TEXT : refit.sampling().maxNewTokens();
    }
}
