package io.goodhart.trainer.execute;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.datasets.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvaluationBookTest {
    @Test
    void rowsTellWhichTextsTheVectorsAreOf() {
        EvaluationBook book = new EvaluationBook(0.5, List.of());

        book.rows("labelled", List.of(text("7"), text("a,b")));
        book.rows("corpus.wikitext", List.of(text("3")));

        assertThat(book.rows())
                .isEqualTo(Map.of("labelled.rows", "[\"7\",\"a,b\"]", "corpus.wikitext.rows", "[\"3\"]"));
    }

    private static Text text(String row) {
        return new Text(row, "any", Optional.empty());
    }
}
