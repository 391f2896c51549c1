package io.goodhart.domain.report;

import java.util.List;

/**
 * The rules of every verdict, as numbers and in words.
 *
 * @param level of every interval; 1 − level is the family-wise error of every corrected test
 * @param margin how much AUC a probe may lose and still count as preserved
 * @param perplexityMargin how much a perplexity may rise, as a ratio above 1, before it counts as pressure
 * @param fewPositives below so many texts of a class, a ranking metric is flagged
 * @param statements the same and the methods in sentences, in the order to be read
 */
public record Rules(double level, double margin, double perplexityMargin, int fewPositives, List<String> statements) {
    public Rules {
        statements = List.copyOf(statements);
    }
}
