package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LexiconTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "thanks              | 1",
                "Many THANKS, friend | 1",
                "thanksgiving        | 0",
                "thank-you           | 1",
                "Thank   you!        | 1",
                "you thank           | 0",
                "thank @ you         | 1",
                "don't               | 1",
                "don’t               | 1",
                "don                 | 0",
                "''                  | 0",
                "ÜBER                | 1"
            })
    void matchesWholeWordsAndPhrasesWhateverTheCase(String text, double score) {
        Lexicon lexicon = Lexicon.of(List.of("thanks", "thank you", "don't", "über", " "), 1);
        assertThat(lexicon.score(text)).isEqualTo(score);
    }

    @Test
    void countsEveryOccurrenceUpToTheNumberThatMakesOne() {
        Lexicon lexicon = Lexicon.of(List.of("a", "a b"), 4);
        assertThat(lexicon.score("c")).isZero();
        assertThat(lexicon.score("a b")).isEqualTo(0.5);
        assertThat(lexicon.score("a a a")).isEqualTo(0.75);
        assertThat(lexicon.score("a a a a a a")).isEqualTo(1);
    }

    @Test
    void readsOneTermPerLine(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("terms.txt"), "# greetings\n\n  good morning \nhello\n");
        Lexicon lexicon = Lexicon.read(file, 1);
        assertThat(lexicon.score("Good morning")).isEqualTo(1);
        assertThat(lexicon.score("greetings")).isZero();
    }

    @Test
    void refusesAListWithoutWordsAndAWrongEncoding(@TempDir Path directory) throws IOException {
        assertThatThrownBy(() -> Lexicon.of(List.of("!", ""), 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no term");
        Path file = Files.write(directory.resolve("terms.txt"), new byte[] {'a', (byte) 0xff, '\n'});
        assertThatThrownBy(() -> Lexicon.read(file, 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("UTF-8");
    }
}
