package io.goodhart.lm.parity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** The table of docs/parity.md. */
final class ParityTable {
    /** Another processor rounds otherwise; a bug is larger by orders of magnitude. */
    private static final double ROOM = 10;

    private record Column(String title, Predicate<String> names) {}

    private static final List<Column> COLUMNS = List.of(
            new Column("logits", name -> name.endsWith(".logits") && !name.startsWith("intervention")),
            new Column("residual stream", name -> name.contains("hidden.") || name.startsWith("resid_mid")),
            new Column("attn_out", name -> name.startsWith("attn_out")),
            new Column("mlp_act", name -> name.startsWith("mlp_act")),
            new Column("mlp_out", name -> name.startsWith("mlp_out")),
            new Column("gradients", name -> name.startsWith("grad.")),
            new Column("completions", name -> name.startsWith("completion_logprobs")),
            new Column("cached steps", name -> name.equals("generate.step_logits")),
            new Column("interventions", name -> name.startsWith("intervention.")),
            new Column("probabilities", name -> name.endsWith(".probabilities")));

    private ParityTable() {}

    /** Whether the table is to be written instead of checked. */
    static boolean isWritten() {
        return "write".equals(System.getProperty("goodhart.parity"));
    }

    /** One model's line: the largest ratio of each group of tensors. */
    record Line(String model, String family, List<Double> ratios) {
        /** No ratio; the reference has no such tensors. */
        private static final double NONE = -1;

        static Line of(Path folder, ParityReport report) {
            List<Double> ratios = new ArrayList<>();
            ratios.add(report.noiseFloor().orElse(NONE));
            for (Column column : COLUMNS) {
                ratios.add(report.rows().stream()
                        .filter(row -> column.names().test(row.name()))
                        .mapToDouble(ParityRow::ratio)
                        .max()
                        .orElse(NONE));
            }
            return new Line(String.valueOf(folder.getFileName()), report.family(), ratios);
        }

        String beginning() {
            return "| `%s` | %s |".formatted(model, family);
        }

        String markdown() {
            StringBuilder line = new StringBuilder(beginning());
            ratios.forEach(ratio -> line.append(' ').append(cell(ratio)).append(" |"));
            return line.append('\n').toString();
        }

        private static String cell(double ratio) {
            return ratio == NONE ? "" : String.format(Locale.ROOT, "%.1e", ratio);
        }

        void requireWithin(String published) {
            String[] cells = published.split("\\|", -1);
            for (int i = 0; i < ratios.size(); i++) {
                String cell = cells[i + 3].trim();
                assertThat(cell.isEmpty()).as("column %d of %s", i, model).isEqualTo(ratios.get(i) == NONE);
                if (!cell.isEmpty()) {
                    assertThat(ratios.get(i))
                            .as("column %d of %s", i, model)
                            .isLessThanOrEqualTo(ROOM * Math.max(Double.parseDouble(cell), 1e-6));
                }
            }
        }
    }

    static String page(String rows) {
        StringBuilder page = new StringBuilder("""
                # Parity with transformers

                Largest absolute difference from transformers 4.57.6 (float32, eager attention), over the standard deviation of the expected
                tensor (gradients: over its largest entry; probabilities: as it is). Tolerance 5e-5; 1e-4 would be suspicious. *Noise* is how
                far float32 is from float64 in the logits, by the same measure. Greedy tokens and where they stop are equal in every model.
                Residual stream: every `resid_pre`, `resid_mid`, `resid_post` and `final_norm`.

                The models are those of `fixtures/lm/small`; those of the whole set of fixtures (20 models, 0.2 to 0.3 million weights) stay below
                1.3e-5 in every tensor. `ParityGoldenTest` checks this table and says how it is written anew; `./goodhart model check` makes
                such a table for any directory with expected values.

                """);
        page.append("| model | family | noise |");
        COLUMNS.forEach(column -> page.append(' ').append(column.title()).append(" |"));
        page.append('\n')
                .append("|---|---|---|")
                .append("---|".repeat(COLUMNS.size()))
                .append('\n');
        return page.append(rows).toString();
    }
}
