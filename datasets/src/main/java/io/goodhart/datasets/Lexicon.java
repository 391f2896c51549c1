package io.goodhart.datasets;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Scores a text by the terms of a list that occur in it: min(1, occurrences / hits). A term is a word or a phrase; it matches whole
 * words in its order, whatever the case and whatever stands between the words. A word is a run of letters, digits, marks, apostrophes
 * and underscores. Of terms that overlap each counts.
 */
public final class Lexicon {
    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}\\p{M}_]+(?:['’][\\p{L}\\p{N}\\p{M}_]+)*");

    private final Set<List<String>> terms;
    private final int longest;
    private final int hits;

    private Lexicon(Set<List<String>> terms, int hits) {
        this.terms = terms;
        this.longest = terms.stream().mapToInt(List::size).max().orElse(0);
        this.hits = hits;
    }

    /**
     * @param hits occurrences that make a score of 1
     * @throws InvalidInputException with code {@code empty_lexicon} if no term has a word
     */
    public static Lexicon of(Collection<String> terms, int hits) {
        Set<List<String>> words = new HashSet<>();
        terms.stream().map(Lexicon::words).filter(term -> !term.isEmpty()).forEach(words::add);
        if (words.isEmpty()) {
            throw new InvalidInputException(
                    new Problem("empty_lexicon", null, "The lexicon has no term with a letter or a digit"));
        }
        return new Lexicon(words, hits);
    }

    /**
     * One term per line in UTF-8; empty lines and those that start with # are skipped.
     *
     * @throws InvalidInputException with code {@code wrong_encoding} or {@code empty_lexicon}
     */
    public static Lexicon read(Path file, int hits) {
        try {
            return of(
                    Files.readAllLines(file).stream()
                            .map(String::strip)
                            .filter(line -> !line.startsWith("#"))
                            .toList(),
                    hits);
        } catch (MalformedInputException e) {
            throw new InvalidInputException(new Problem("wrong_encoding", null, "The lexicon is not UTF-8"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** min(1, occurrences / hits), in [0, 1]. */
    public double score(String text) {
        return Math.min(1, (double) occurrences(words(text)) / hits);
    }

    private int occurrences(List<String> words) {
        int found = 0;
        for (int from = 0; from < words.size(); from++) {
            for (int to = from + 1; to <= Math.min(words.size(), from + longest); to++) {
                if (terms.contains(words.subList(from, to))) {
                    found++;
                }
            }
        }
        return found;
    }

    private static List<String> words(String text) {
        return WORD.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(word -> word.toLowerCase(Locale.ROOT).replace('’', '\''))
                .toList();
    }
}
