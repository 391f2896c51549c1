package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.report.Curve;
import io.goodhart.domain.report.Report;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TextReportsTest {
    private static final Report REPORT = Samples.report();

    @Test
    void terminalTableFitsAndSaysTheVerdicts() {
        String text = ReportRenderer.terminal(REPORT);

        assertThat(table(text))
                .hasSize(10)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(120));
        assertThat(text)
                .contains("baseline", "reference", "✗ lost", "↺ recoverable ‡", "✓ preserved", "– no pressure")
                .contains("PPL tweets", "! dpo-too-far: ");
    }

    @Test
    void answerNamesControlsAndUntestedArmsApart() {
        assertThat(Answer.sentence(REPORT))
                .startsWith("Of 5 arms trained with a signal, the probes are preserved in 2 (")
                .contains("In the controls, they are preserved in 1 (sft).")
                .endsWith("Nothing moved, so nothing was tested, in random-dpo.");
    }

    @Test
    void terminalMarksWhatDiffersFromTheBaseline() {
        String text = ReportRenderer.terminal(REPORT);

        assertThat(table(text))
                .anySatisfy(line -> assertThat(line).startsWith("ensemble-dpo").contains("]*"))
                .anySatisfy(line -> assertThat(line).startsWith("random-dpo").doesNotContain("*"));
    }

    @Test
    void namesCannotSteerTheTerminal() {
        assertThat(ReportRenderer.terminal(Samples.named("title\u001b[2J", "arm\nwith\u001b[31m colour")))
                .doesNotContain("\u001b")
                .contains("arm with [31m colour");
    }

    @Test
    void markdownTablesHaveAsManyCellsInEveryRow() {
        List<String> lines =
                ReportRenderer.markdown(Samples.named("a | b", "x|y")).lines().toList();

        assertThat(lines).contains("# a \\| b", "## Did the probes survive?", "## Provenance");
        int cells = 0;
        for (String line : lines) {
            if (line.startsWith("|")) {
                int found = line.replace("\\|", "").split("\\|", -1).length;
                assertThat(found).as(line).isEqualTo(cells == 0 ? found : cells);
                cells = found;
            } else {
                cells = 0;
            }
        }
    }

    @Test
    void markdownHasEveryTableOfThePage() {
        String markdown = ReportRenderer.markdown(REPORT);
        String html = ReportRenderer.html(REPORT);

        List<Table> tables = new ReportTables(REPORT).all();
        assertThat(tables).hasSizeGreaterThanOrEqualTo(9).allSatisfy(table -> {
            assertThat(markdown).contains("## " + table.title());
            assertThat(html).contains("<section id=\"" + table.id() + "\">");
        });
    }

    @Test
    void csvRowsHaveEightCellsAndFullPrecision() {
        List<String> lines = ReportRenderer.csv(REPORT).lines().toList();
        double rate = Objects.requireNonNull(REPORT.arm("sft").orElseThrow().behaviour())
                .rate()
                .value();

        assertThat(lines.getFirst()).isEqualTo("arm,seed,section,quantity,detail,value,lower,upper");
        assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(8));
        assertThat(lines).anyMatch(line -> line.startsWith("sft,,behaviour,rate,," + rate + ","));
        assertThat(lines).anyMatch(line -> line.startsWith("sft,2,behaviour,rate,,"));
        assertThat(lines).anyMatch(line -> line.startsWith(",,sweep,cosine,train 0 / train 1,"));
        assertThat(lines).contains(",,sweep,layer,chosen,4.0,,");
        assertThat(lines).anyMatch(line -> line.startsWith("sft,2,perplexity,per_text,wikitext,"));
        assertThat(lines).anyMatch(line -> line.startsWith("sft,2,perplexity,ratio,wikitext,"));
        assertThat(lines).anyMatch(line -> line.startsWith("sft,2,probes,average_precision,train fixed frozen,"));
        assertThat(lines).anyMatch(line -> line.startsWith("sft,2,probes,tpr_at_fpr_1pct,train fixed frozen,"));
    }

    @Test
    void csvHasEveryPointOfEveryCurve() {
        long expected = REPORT.arms().stream()
                .flatMap(arm -> arm.curves().stream())
                .map(Curve::points)
                .mapToLong(List::size)
                .sum();

        assertThat(ReportRenderer.csv(REPORT).lines().filter(line -> line.contains(",curve,")))
                .filteredOn(line -> !line.contains("_fewest_of_a_class,"))
                .hasSize(4 * (int) expected) // the mean, the lowest and the highest seed, how many seeds
                .allMatch(line -> line.endsWith(",,"));
    }

    @Test
    void csvQuotesWhatItMustAndRunsNoFormula() {
        assertThat(CsvReport.quoted("a,b")).isEqualTo("\"a,b\"");
        assertThat(CsvReport.quoted("say \"so\"")).isEqualTo("\"say \"\"so\"\"\"");
        assertThat(CsvReport.quoted("two\nlines")).isEqualTo("\"two\nlines\"");
        assertThat(CsvReport.quoted("=1+1")).isEqualTo("'=1+1");
        assertThat(CsvReport.quoted("-0.25")).isEqualTo("-0.25");
    }

    @Test
    void latexEscapesNames() {
        assertThat(LatexReport.escaped("50 % & a_b\\c − Δ"))
                .isEqualTo("50 \\% \\& a\\_b\\textbackslash{}c $-$ $\\Delta$");
        assertThat(LatexReport.escaped("“✓ ↺ ✗” TPR₁% ‡…\u0007"))
                .isEqualTo("``$\\checkmark$ $\\circlearrowleft$ $\\times$'' TPR$_1$\\% \\ddag{}\\dots{} ");
    }

    @Test
    void latexIsADocumentWhoseTablesHaveAsManyCellsInEveryRow() {
        List<String> lines = ReportRenderer.latex(Samples.named("50 % & {more}", "x&y_z"))
                .lines()
                .toList();

        assertThat(lines)
                .contains("\\title{50 \\% \\& \\{more\\}}", "\\begin{document}")
                .last()
                .isEqualTo("\\end{document}");
        int columns = 0;
        int tables = 0;
        for (String line : lines) {
            if (line.startsWith("\\begin{longtable}{")) {
                columns = line.length() - "\\begin{longtable}{}".length();
                tables++;
            } else if (line.equals("\\end{longtable}")) {
                columns = 0;
            } else if (columns > 0 && line.endsWith(" \\\\")) {
                assertThat(line.replace("\\&", "").split("&", -1)).as(line).hasSize(columns);
            }
        }
        assertThat(tables).isEqualTo(new ReportTables(REPORT).all().size());
    }

    @Test
    void latexNeedsNothingThatItsPreambleLacks() {
        String latex = ReportRenderer.latex(REPORT);
        String body = latex.substring(latex.indexOf("\\begin{document}"));

        assertThat(body.codePoints().filter(c -> c > 0x17f))
                .as("beyond what T1 has")
                .isEmpty();
        assertThat(count(body, '{')).isEqualTo(count(body, '}'));
        assertThat(count(body.replace("\\$", ""), '$') % 2).isZero();
    }

    private static long count(String text, char wanted) {
        return text.replace("\\{", "")
                .replace("\\}", "")
                .chars()
                .filter(c -> c == wanted)
                .count();
    }

    @Test
    void numbersLeadToTheirRunsAndArtifacts() {
        Report linked = Samples.linked();
        String html = ReportRenderer.html(linked);
        String markdown = ReportRenderer.markdown(linked);

        Objects.requireNonNull(linked.runs()).forEach(run -> {
            assertThat(html).contains("href=\"/v1/runs/" + run.run() + "\"");
            assertThat(markdown).contains("](/v1/runs/" + run.run() + ")");
            run.artifacts().values().forEach(artifact -> {
                assertThat(html).contains("href=\"/v1/artifacts/" + artifact.sha256() + "\"");
                assertThat(markdown).contains("](/v1/artifacts/" + artifact.sha256() + ")");
            });
        });
        linked.arms().forEach(arm -> {
            assertThat(html).contains("id=\"runs-" + arm.name() + "\"", "href=\"#runs-" + arm.name() + "\"");
            assertThat(markdown).contains("[" + arm.name() + "](#every-run)");
        });
        assertThat(html).contains("train, seed 9: the loss is NaN");
        assertThat(markdown).contains("train, seed 9: the loss is NaN");
    }

    @Test
    void layersAndCosinesAreTablesWhereThereAreNoFigures() {
        assertThat(ReportRenderer.markdown(REPORT))
                .contains("## Choice of the layer", "untrained model at resid\\_post", "Layer 4 was chosen")
                .containsPattern("\\| 4 +\\| +0\\.815\\d \\|")
                .containsPattern("\\| train 0 +\\| +1\\.00 \\| +0\\.\\d\\d \\|");
        assertThat(ReportRenderer.latex(REPORT)).contains("tab:layers", "tab:cosines", "Did the probes survive? Final");
    }

    @Test
    void everyFormSaysWhenNothingWasTrained() {
        Report empty = Samples.empty();

        assertThat(ReportRenderer.terminal(empty)).contains("No arm was trained");
        assertThat(ReportRenderer.markdown(empty)).contains("No arm was trained");
        assertThat(ReportRenderer.csv(empty).lines()).hasSize(1);
    }

    @Test
    void everyFormTellsOfAnArmWhoseTrainingsDiverged() {
        Report diverged = Samples.diverged();

        assertThat(ReportRenderer.terminal(diverged)).contains("the training diverged");
        assertThat(ReportRenderer.markdown(diverged)).contains("the training diverged");
        assertThat(ReportRenderer.html(diverged)).contains("the training diverged");
        assertThat(ReportRenderer.latex(diverged))
                .contains(diverged.arms().get(2).name());
        assertThat(ReportRenderer.csv(diverged)).contains(diverged.arms().get(2).name());
    }

    private static List<String> table(String text) {
        return text.lines().skip(2).takeWhile(line -> !line.isEmpty()).toList();
    }
}
