package io.goodhart.datasets;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A header, then records with as many values; values in quotes may have line ends (RFC 4180). Every value is a text. */
final class CsvRows {
    private CsvRows() {}

    static void read(DataSource source, char separator, Predicate<Row> visitor) throws IOException {
        try (CsvReader<CsvRecord> reader = CsvReader.builder()
                .fieldSeparator(separator)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE) // counted here, where the message can say more
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(Lines.LONGEST)
                .ofCsvRecord(Utf8.open(source))) {
            Iterator<CsvRecord> records = reader.iterator();
            if (!records.hasNext()) {
                return;
            }
            List<String> header = header(source, records.next());
            while (records.hasNext()) {
                CsvRecord record = records.next();
                if (!visitor.test(new Row(source, record.getStartingLineNumber(), fields(source, header, record)))) {
                    return;
                }
            }
        } catch (CsvParseException e) {
            throw BadData.file(source, "is broken: " + e.getMessage());
        }
    }

    private static List<String> header(DataSource source, CsvRecord record) {
        Set<String> names = new HashSet<>();
        for (String name : record.getFields()) {
            if (!names.add(name)) {
                throw BadData.row(
                        source, record.getStartingLineNumber(), "names the column '%s' twice".formatted(name));
            }
        }
        return record.getFields();
    }

    private static ObjectNode fields(DataSource source, List<String> header, CsvRecord record) {
        if (record.getFieldCount() != header.size()) {
            throw BadData.row(
                    source,
                    record.getStartingLineNumber(),
                    "has %d values, the header has %d".formatted(record.getFieldCount(), header.size()));
        }
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < header.size(); i++) {
            fields.put(header.get(i), record.getField(i));
        }
        return fields;
    }
}
