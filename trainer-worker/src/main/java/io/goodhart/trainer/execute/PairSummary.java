package io.goodhart.trainer.execute;

import org.jspecify.annotations.Nullable;

/**
 * What became of the candidates; the output {@code summary} of build_pairs.
 *
 * @param candidates responses, those without a token among them
 * @param droppedTies prompts whose candidates tie
 * @param droppedMargin prompts whose extreme labels are too close
 * @param droppedIdentical prompts whose two responses are the same tokens
 * @param droppedTooFew prompts with fewer than two candidates
 * @param emptyCandidates responses without a token
 * @param chosenPositiveShare share of the chosen responses that show the behaviour
 * @param rejectedPositiveShare share of the rejected responses that show the behaviour
 * @param agreementWithScorer share of the pairs that the scorer orders the same way, strictly
 * @param detectorThreshold label from which on the signal fires
 * @param detectorTpr share of the candidates with the behaviour at which the signal fires; null without any
 * @param detectorFpr the same of the candidates without the behaviour
 * @param detectorAuroc AUC of the signal over all candidates, by the scorer's threshold; null with one class only
 * @param orderAgreement share of the twos of responses to one prompt with different scores that the signal orders as the scorer does
 */
public record PairSummary(
        int prompts,
        int candidates,
        int pairs,
        int droppedTies,
        int droppedMargin,
        int droppedIdentical,
        int droppedTooFew,
        int emptyCandidates,
        double chosenPositiveShare,
        double rejectedPositiveShare,
        double agreementWithScorer,
        double detectorThreshold,
        @Nullable Double detectorTpr,
        @Nullable Double detectorFpr,
        @Nullable Double detectorAuroc,
        @Nullable Double orderAgreement) {}
