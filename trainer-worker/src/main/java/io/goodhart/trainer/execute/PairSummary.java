package io.goodhart.trainer.execute;

/**
 * What became of the candidates; the output {@code summary} of build_pairs.
 *
 * @param candidates responses, those without a token among them
 * @param droppedTies prompts whose candidates tie
 * @param droppedMargin prompts whose extreme labels are too close
 * @param droppedTooFew prompts with fewer than two candidates
 * @param emptyCandidates responses without a token
 * @param chosenPositiveShare share of the chosen responses that show the behaviour
 * @param rejectedPositiveShare share of the rejected responses that show the behaviour
 * @param agreementWithScorer share of the pairs that the scorer orders the same way, strictly
 */
public record PairSummary(
        int prompts,
        int candidates,
        int pairs,
        int droppedTies,
        int droppedMargin,
        int droppedTooFew,
        int emptyCandidates,
        double chosenPositiveShare,
        double rejectedPositiveShare,
        double agreementWithScorer) {}
