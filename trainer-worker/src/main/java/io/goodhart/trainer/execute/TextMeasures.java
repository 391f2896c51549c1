package io.goodhart.trainer.execute;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What can be said of texts without a model. */
final class TextMeasures {
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextMeasures() {}

    /**
     * Share of repeated bigrams: the mean over texts of 1 − distinct / all, over a text's lower-cased words; 0 for a text of
     * fewer than two words. A word is a run of letters, digits and underscores.
     */
    static double repetition(List<String> texts) {
        return texts.stream().mapToDouble(TextMeasures::repetition).average().orElse(0);
    }

    private static double repetition(String text) {
        List<String> words = WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
        if (words.size() < 2) {
            return 0;
        }
        Set<List<String>> distinct = new HashSet<>();
        for (int i = 0; i + 1 < words.size(); i++) {
            distinct.add(List.copyOf(words.subList(i, i + 2)));
        }
        return 1 - distinct.size() / (words.size() - 1.0);
    }
}
