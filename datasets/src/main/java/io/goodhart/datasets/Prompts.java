package io.goodhart.datasets;

import com.carrotsearch.hppc.LongHashSet;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.PromptSlice;
import io.goodhart.domain.spec.Filter;
import io.goodhart.domain.spec.PromptSpec;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Distinct prompts of a data file. Prompts that differ in white space only are not distinct: a subset would otherwise hold what another
 * one holds. Memory: the prompts that are wanted, and about 16 bytes for each distinct one of the file, by which equal ones are known.
 */
public final class Prompts {
    private Prompts() {}

    /** Every distinct eligible prompt with its template, in the file's order; none is kept. */
    public static void forEach(DataSource source, PromptSpec spec, Consumer<String> consumer) {
        Reading reading = new Reading(spec.field(), spec.where(), spec.prefix(), spec.template());
        LongHashSet seen = new LongHashSet();
        Rows.read(
                source,
                row -> reading.prompt(row)
                        .filter(text -> seen.add(Words.fingerprint(text)))
                        .ifPresent(consumer));
    }

    /**
     * The prompts of a slice.
     *
     * @throws InvalidInputException if the file has fewer distinct eligible prompts than the slice reaches to
     */
    public static List<Prompt> read(DataSource source, PromptSlice slice) {
        Reading reading = Reading.of(slice);
        return read(source, slice, (place, row) -> new Prompt(slice.offset() + place, row.id(), reading.of(row)));
    }

    /** What the prompts of a slice are known by. */
    static Set<Long> fingerprints(DataSource source, PromptSlice slice) {
        Reading reading = Reading.of(slice);
        return Set.copyOf(read(source, slice, (_, row) -> Words.fingerprint(reading.of(row))));
    }

    private static <T> List<T> read(DataSource source, PromptSlice slice, EligibleRows.Reading<T> reading) {
        EligibleRows distinct = distinct(source, Reading.of(slice));
        int end = slice.offset() + slice.count();
        if (distinct.count() < end) {
            throw new InvalidInputException(new Problem(
                    "data_too_small",
                    null,
                    "%s has %d distinct eligible prompts, %d are needed"
                            .formatted(source.name(), distinct.count(), end)));
        }
        int[] order = Seeds.permutation(distinct.count(), slice.seed());
        return distinct.read(Arrays.copyOfRange(order, slice.offset(), end), reading);
    }

    private static EligibleRows distinct(DataSource source, Reading reading) {
        LongHashSet seen = new LongHashSet();
        return EligibleRows.of(
                source,
                row -> reading.prompt(row)
                        .filter(text -> seen.add(Words.fingerprint(text)))
                        .isPresent());
    }

    /** Which rows are prompts, and what they are. */
    private record Reading(String field, @Nullable Filter where, PromptSpec.@Nullable Prefix prefix, String template) {
        static Reading of(PromptSlice slice) {
            return new Reading(slice.field(), slice.where(), slice.prefix(), slice.template());
        }

        /** The prompt of a row that has one. */
        String of(Row row) {
            return prompt(row).orElseThrow();
        }

        Optional<String> prompt(Row row) {
            return Condition.holds(where, row)
                    ? cut(row).map(text -> template.replace("{text}", text))
                    : Optional.empty();
        }

        private Optional<String> cut(Row row) {
            String text = row.text(field).strip();
            if (text.isEmpty() || prefix == null) {
                return text.isEmpty() ? Optional.empty() : Optional.of(text);
            }
            // files are looked at beside values, so that a prefix may have numbers that are refused
            long kept = prefix.words() + (long) Math.floorMod(row.ordinal(), Math.max(1, prefix.vary()));
            long needed = kept + Math.max(0, prefix.leave());
            List<String> words = Words.first(Math.clamp(needed, 0, Integer.MAX_VALUE - 1), text);
            if (kept < 1 || words.size() < needed) {
                return Optional.empty();
            }
            return Optional.of(String.join(" ", words.subList(0, Math.toIntExact(kept))));
        }
    }
}
