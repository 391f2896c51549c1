package io.goodhart.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.DataFormat;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsTest {
    @TempDir
    private Path directory;

    @Test
    void valueInQuotesKeepsItsLineEndsQuotesAndSeparators() throws IOException {
        List<Row> rows = csv("id,text\n1,\"one\nline,\r\nand \"\"more\"\"\"\n2,plain\n");

        assertThat(rows).extracting(row -> row.text("text")).containsExactly("one\nline,\r\nand \"more\"", "plain");
        assertThat(rows).extracting(Row::number).containsExactly(2L, 5L);
        assertThat(rows).extracting(Row::id).containsExactly("1", "2");
    }

    @Test
    void tabsSeparateValuesOfTsv() throws IOException {
        List<Row> rows = read(write("a\tb\n1,5\tx y\n", StandardCharsets.UTF_8, DataFormat.TSV));

        assertThat(rows.getFirst().text("a")).isEqualTo("1,5");
        assertThat(rows.getFirst().text("b")).isEqualTo("x y");
    }

    @Test
    void raggedRecordIsNamedByItsLine() {
        assertThatThrownBy(() -> csv("a,b\n\"x\ny\",2\n3\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Line 4 of data has 1 values, the header has 2");
    }

    @Test
    void quoteThatIsNotClosedIsNamedByTheLineOfItsRecord() {
        assertThatThrownBy(() -> csv("a,b\n1,2\n3,\"four\n5,6\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("line 3")
                .hasMessageNotContaining("four");
    }

    @Test
    void columnThatIsNamedTwiceIsRefused() {
        assertThatThrownBy(() -> csv("a,b,a\n1,2,3\n")).hasMessageContaining("names the column 'a' twice");
    }

    @Test
    void numbersOfCsvAreParsedAndAnEmptyOneIsMissing() throws IOException {
        List<Row> rows = csv("x,y\n0.5,\nTrue,word\n");

        assertThat(rows.getFirst().number("x")).isEqualTo(0.5);
        assertThat(rows.getFirst().anyNumber("y")).isEmpty();
        assertThat(rows.getLast().number("x")).isEqualTo(1);
        assertThatThrownBy(() -> rows.getLast().number("y")).hasMessageContaining("Line 3 of data has no number");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-1", "+1", ".5", "1e3", " 2 ", "0x1p3", "1f", "true", "FALSE"})
    void numbersAreWhatJavaReadsAsOne(String text) {
        assertThat(Row.parsed(text)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "one", "e3", "1,5", "x1", "--1", "½"})
    void wordsAreNoNumbers(String text) {
        assertThat(Row.parsed(text)).isEmpty();
    }

    @Test
    void byteOrderMarkIsNoPartOfTheFirstName() throws IOException {
        assertThat(csv("\uFEFFtext\nhello\n").getFirst().text("text")).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE"})
    void utf16IsSaidToBeIt(String charset) throws IOException {
        DataSource source = write("text\nhello\n", Charset.forName(charset), DataFormat.CSV);

        assertThatThrownBy(() -> read(source)).hasMessageContaining("UTF-16");
    }

    @Test
    void malformedBytesAreNamedByTheirExactLineHoweverFarTheReaderIsAhead() throws IOException {
        byte[] bytes = "line\n".repeat(30_000).getBytes(StandardCharsets.US_ASCII);
        bytes[5 * 20_000] = (byte) 0xE9;
        DataSource source = new DataSource(Files.write(directory.resolve("data"), bytes), "data", DataFormat.TEXT);

        assertThatThrownBy(() -> read(source)).hasMessageContaining("malformed bytes in line 20001");
    }

    @Test
    void everyLineOfATextThatIsNotBlankIsARow() throws IOException {
        List<Row> rows = read(write("one\n\n \r\ntwo\rthree", StandardCharsets.UTF_8, DataFormat.TEXT));

        assertThat(rows).extracting(row -> row.text("text")).containsExactly("one", "two", "three");
        assertThat(rows).extracting(Row::number).containsExactly(1L, 4L, 5L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TEXT", "JSON_LINES", "CSV"})
    void lineThatDoesNotEndIsBounded(String format) throws IOException {
        byte[] endless = new byte[Lines.LONGEST + 100];
        Arrays.fill(endless, (byte) 'a');
        endless[0] = '"';
        Path file = Files.write(directory.resolve("data"), endless);

        assertThatThrownBy(() -> read(new DataSource(file, "data", DataFormat.valueOf(format))))
                .isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "snappy", "gzip", "zstd"})
    void parquetHasNestedValuesAndNullsWhateverItsCompression(String codec) throws Exception {
        List<Row> rows = read(new DataSource(parquet(codec), codec, DataFormat.PARQUET));

        assertThat(rows).hasSize(3);
        Row first = rows.getFirst();
        assertThat(first.text("prompt.text")).isEqualTo("Once upon a time");
        assertThat(first.number("prompt.toxicity")).isEqualTo(0.25);
        assertThat(first.number("ok")).isEqualTo(1);
        assertThat(first.value("chosen").orElseThrow())
                .hasToString("[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello\"}]");
        assertThat(rows.get(1).anyNumber("prompt.toxicity")).isEmpty();
        assertThat(rows.get(2).value("prompt.text")).isEmpty();
        assertThat(rows.get(2).number("n")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.001, 0.3, 0.6, 0.99})
    void parquetThatIsCutOffIsRefused(double share) throws Exception {
        byte[] whole = Files.readAllBytes(parquet("snappy"));
        Path cut = Files.write(directory.resolve("cut"), Arrays.copyOf(whole, (int) (share * whole.length)));

        assertThatThrownBy(() -> read(new DataSource(cut, "cut", DataFormat.PARQUET)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("cut is no Parquet file")
                .hasMessageNotContaining("null")
                .hasCauseInstanceOf(Exception.class);
    }

    @Test
    void fieldThatIsNotThereIsRefusedWithTheNearestOneAndAll() throws IOException {
        Row row = read(write(
                        "{\"prompt\":{\"text\":\"x\"},\"toxicity\":1}\n",
                        StandardCharsets.UTF_8,
                        DataFormat.JSON_LINES))
                .getFirst();

        assertThatThrownBy(() -> row.text("prompt.txt"))
                .hasMessageContaining("did you mean prompt.text?")
                .hasMessageContaining("prompt.text, toxicity")
                .hasMessageContaining("unknown_field");
    }

    @Test
    void fieldWhoseNameHasADotComesBeforeTheFieldInside() throws IOException {
        Row row = read(write(
                        "{\"a.b\":\"flat\",\"a\":{\"b\":\"deep\"}}\n", StandardCharsets.UTF_8, DataFormat.JSON_LINES))
                .getFirst();

        assertThat(row.text("a.b")).isEqualTo("flat");
    }

    @Test
    void fieldThatIsNamedTwiceIsRefused() {
        assertThatThrownBy(() -> json("{\"text\":\"a\"}\n{\"text\":\"b\",\"text\":\"secret\"}\n"))
                .hasMessageContaining("Line 2 of data names a field twice")
                .hasMessageNotContaining("secret");
    }

    @Test
    void rowThatNestsTooDeepIsRefused() {
        assertThatThrownBy(() -> json("{\"text\":" + "[".repeat(2000) + "]".repeat(2000) + "}\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Line 1 of data nests too deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a \\ud800 b", "\\uDC00", "\\ud83d\\ud83d\\ude00"})
    void halfASurrogatePairIsNoText(String text) {
        assertThatThrownBy(() -> json("{\"text\":\"" + text + "\"}\n"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Line 1 of data has half a surrogate pair");
    }

    @Test
    void escapedPairOfSurrogatesIsOneCharacter() throws IOException {
        assertThat(json("{\"text\":\"\\ud83d\\ude00\"}\n").getFirst().text("text"))
                .isEqualTo("😀");
    }

    @Test
    void codecThatIsNotReadIsSaidWithoutTheNameOfATemporaryFile() throws Exception {
        DataSource source = new DataSource(parquet("lz4"), "data/texts", DataFormat.PARQUET);
        assertThatThrownBy(() -> read(source))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("LZ4")
                .hasMessageNotContaining("dependency")
                .hasMessageNotContaining("lz4.parquet");
    }

    @Test
    void readingStopsWhereTheVisitorStops() throws IOException {
        DataSource source = write("a\n1\n2\n3\n", StandardCharsets.UTF_8, DataFormat.CSV);
        List<Row> rows = new ArrayList<>();

        Rows.readWhile(source, row -> rows.add(row) && rows.size() < 2);

        assertThat(rows).hasSize(2);
    }

    private static Path parquet(String codec) throws URISyntaxException {
        URL found = RowsTest.class.getResource("/parquet/" + codec + ".parquet");
        return Path.of(Objects.requireNonNull(found).toURI());
    }

    private List<Row> json(String content) throws IOException {
        return read(write(content, StandardCharsets.UTF_8, DataFormat.JSON_LINES));
    }

    private List<Row> csv(String content) throws IOException {
        return read(write(content, StandardCharsets.UTF_8, DataFormat.CSV));
    }

    private DataSource write(String content, Charset charset, DataFormat format) throws IOException {
        return new DataSource(Files.write(directory.resolve("data"), content.getBytes(charset)), "data", format);
    }

    private static List<Row> read(DataSource source) {
        List<Row> rows = new ArrayList<>();
        Rows.read(source, rows::add);
        return rows;
    }
}
