package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.model.ColumnFacts;
import io.goodhart.domain.model.ColumnFacts.Type;
import io.goodhart.domain.model.DataFormat;
import io.goodhart.domain.model.DatasetFacts;
import io.goodhart.testing.SmallHeap;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

class SurveyTest {
    private static final int HEAP_MEGABYTES = 48;

    @TempDir
    private Path directory;

    @Test
    void columnsAreCountedWithTheirTypesMissingAndEmptyValues() throws IOException {
        DatasetFacts facts =
                survey("{\"a\":1,\"b\":\"x\"}\n{\"a\":null,\"b\":\" \"}\n{\"a\":true}\n", DataFormat.JSON_LINES);

        assertThat(facts.rows()).isEqualTo(3);
        assertThat(facts.columns())
                .containsExactly(
                        new ColumnFacts("a", List.of(Type.NUMBER, Type.BOOLEAN), 1, 0),
                        new ColumnFacts("b", List.of(Type.TEXT), 1, 1));
    }

    @Test
    void columnOfCsvIsANumberIfEveryValueIsOne() throws IOException {
        assertThat(survey("n,t\n1,1\n,x\n2.5,2\n", DataFormat.CSV).columns())
                .containsExactly(
                        new ColumnFacts("n", List.of(Type.NUMBER), 0, 1),
                        new ColumnFacts("t", List.of(Type.TEXT), 0, 0));
    }

    @Test
    void rowsThatDifferInWhiteSpaceOnlyAreDuplicates() throws IOException {
        assertThat(survey("text\na b\na b\na  b\nab\n", DataFormat.CSV).duplicateRows())
                .isEqualTo(2);
    }

    @Test
    void byteOrderMarkIsSaid() throws IOException {
        assertThat(survey("\uFEFFtext\nx\n", DataFormat.CSV).byteOrderMark()).isTrue();
        assertThat(survey("text\nx\n", DataFormat.CSV).byteOrderMark()).isFalse();
    }

    @Test
    void fileWithoutRowsIsRefused() {
        for (DataFormat format : List.of(DataFormat.CSV, DataFormat.TSV, DataFormat.TEXT, DataFormat.JSON_LINES)) {
            assertThatThrownBy(() -> survey("", format)).hasMessageContaining("has no rows");
        }
        assertThatThrownBy(() -> survey("text,label\n", DataFormat.CSV)).hasMessageContaining("has no rows");
    }

    @Test
    void namesWithoutEndAreRefused() {
        StringBuilder object = new StringBuilder("{\"x\":0");
        for (int i = 0; i < 1000; i++) {
            object.append(",\"x").append(i).append("\":0");
        }
        assertThatThrownBy(() -> survey(object.append("}\n").toString(), DataFormat.JSON_LINES))
                .hasMessageContaining("more than 1000 columns");
    }

    @Test
    void fileLargerThanTheHeapIsReadInIt() throws Exception {
        assertThat(SmallHeap.run(HEAP_MEGABYTES, Child.class, large(80_000_000).toString()))
                .isEqualTo("rows 80000, duplicates 0");
    }

    @Test
    @EnabledIfSystemProperty(named = "large.data", matches = "true", disabledReason = "writes a gigabyte")
    void gigabyteIsReadInTheSameHeap() throws Exception {
        assertThat(SmallHeap.run(
                        HEAP_MEGABYTES, Child.class, large(1_000_000_000).toString()))
                .isEqualTo("rows 1000000, duplicates 0");
    }

    private DatasetFacts survey(String content, DataFormat format) throws IOException {
        return Survey.of(new DataSource(Files.writeString(directory.resolve("data"), content), "data", format));
    }

    /** A CSV file whose rows have 1000 bytes, a line end in quotes among them. */
    private Path large(int bytes) throws IOException {
        Path file = directory.resolve("large.csv");
        String filling = "many words ".repeat(100).substring(0, 979);
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write("id,text\n");
            for (int i = 0; i < bytes / 1000; i++) {
                writer.write("%08d,\"line\nline %s\"\n".formatted(i, filling));
            }
        }
        return file;
    }

    static final class Child {
        private Child() {}

        @SuppressWarnings("SystemOut")
        public static void main(String[] arguments) {
            DatasetFacts facts = Survey.of(new DataSource(Path.of(arguments[0]), "large.csv", DataFormat.CSV));
            System.out.println("rows %d, duplicates %d".formatted(facts.rows(), facts.duplicateRows()));
        }
    }
}
