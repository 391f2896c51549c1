package io.goodhart.api.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class HtmlReportTest {
    private static final String HTML = ReportRenderer.html(Samples.report());
    private static final Document PAGE = parsed(HTML);

    @Test
    void pageStandsAlone() {
        assertThat(HTML)
                .startsWith("<!DOCTYPE html>")
                .doesNotContain("<script", "<link", "<img", "<iframe", "src=", "url(", "@import")
                .doesNotContainPattern("href=\"(?!#|/v1/)"); // links lead into the page and to its server
    }

    @Test
    void bracketsOfANameAreNoInterval() {
        Table table = new Table(
                "t",
                "T",
                "",
                List.of("arm", "x"),
                List.of(List.of("a", "rate [v2"), List.of("b", "0.5 [0.4, 0.6] (0.3)"), List.of("c", "rate [v2]")));
        assertThat(HtmlTable.of(table))
                .contains("<td>rate [v2</td>", "<td>rate [v2]</td>")
                .contains("<td>0.5<span class=\"interval\"> [0.4, 0.6]</span> (0.3)</td>");
    }

    @Test
    void everyArmHasACardWithItsVerdict() {
        assertThat(elements("article")).hasSize(7);
        Element lost = card("dpo-too-far");
        assertThat(lost.getAttribute("class")).isEqualTo("card lost");
        assertThat(lost.getTextContent())
                .contains("✗ lost, needs a new threshold", "toxicity rate", "0.41 → 0.04", "PPL tweets");
    }

    @Test
    void cardShowsTheBaselineOfTheSameProbes() {
        // 0.7885 and a difference of −0.0060; all training probes of the baseline have 0.81
        assertThat(card("probe-dpo").getTextContent()).contains("AUC seen0.79 → 0.79");
    }

    @Test
    void everyChartSaysWhatItShows() {
        assertThat(elements("svg").stream()
                        .filter(svg -> svg.getAttribute("role").equals("img")))
                .hasSize(27) // 4 scatter plots, forest, 2 × 10 panels, sweep, cosines
                .allSatisfy(svg -> {
                    assertThat(svg.getElementsByTagName("title").item(0).getTextContent())
                            .isNotBlank()
                            .isEqualTo(svg.getAttribute("aria-label"));
                    assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
                            .isNotBlank();
                });
    }

    @Test
    void armsAreToldApartWithoutColour() {
        assertThat(elements("path").stream()
                        .filter(path -> path.getAttribute("class").startsWith("line s"))
                        .map(path -> path.getAttribute("class") + path.getAttribute("stroke-dasharray"))
                        .distinct())
                .hasSize(8);
        assertThat(HTML).contains("stroke-dasharray=\"7 3\"", "stroke-dasharray=\"2 3\"");
    }

    @Test
    void everyRowHasACellUnderEveryHeader() {
        assertThat(elements("table")).isNotEmpty().allSatisfy(table -> {
            int columns = table.getElementsByTagName("thead")
                    .item(0)
                    .getChildNodes()
                    .item(1)
                    .getChildNodes()
                    .getLength();
            NodeList rows = ((Element) table.getElementsByTagName("tbody").item(0)).getElementsByTagName("tr");
            int spanned = 0;
            for (int r = 0; r < rows.getLength(); r++) {
                Element row = (Element) rows.item(r);
                Element first = (Element) row.getFirstChild();
                String span = first.getAttribute("rowspan");
                assertThat(row.getChildNodes().getLength() + (spanned > 0 ? 1 : 0))
                        .isEqualTo(columns);
                spanned = span.isEmpty() ? Math.max(0, spanned - 1) : Integer.parseInt(span) - 1;
            }
            assertThat(spanned).isZero();
        });
    }

    @Test
    void namesCannotBecomeMarkup() {
        String html = ReportRenderer.html(Samples.named("<script>alert(1)</script> & \"more\"", "a<b>'\u0007'\"&amp;"));

        Document page = parsed(html);
        assertThat(page.getElementsByTagName("script").getLength()).isZero();
        assertThat(page.getElementsByTagName("h1").item(0).getTextContent())
                .isEqualTo("<script>alert(1)</script> & \"more\"");
        assertThat(html).contains("a&lt;b&gt;&#39; &#39;&quot;&amp;amp;").doesNotContain("<b>'");
    }

    @Test
    void reportWithoutArmsIsAPageToo() {
        assertThat(parsed(ReportRenderer.html(Samples.empty()))
                        .getElementsByTagName("h1")
                        .getLength())
                .isEqualTo(1);
    }

    @Test
    void sameReportGivesTheSamePage() {
        assertThat(ReportRenderer.html(Samples.report())).isEqualTo(HTML);
    }

    private static List<Element> elements(String tag) {
        NodeList nodes = PAGE.getElementsByTagName(tag);
        return IntStream.range(0, nodes.getLength())
                .mapToObj(i -> (Element) nodes.item(i))
                .toList();
    }

    private static Element card(String arm) {
        return elements("article").stream()
                .filter(card ->
                        card.getElementsByTagName("h3").item(0).getTextContent().equals(arm))
                .findFirst()
                .orElseThrow();
    }

    private static Document parsed(String html) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
            return factory.newDocumentBuilder().parse(new InputSource(new StringReader(html)));
        } catch (Exception e) {
            throw new AssertionError("The page is not well-formed", e);
        }
    }
}
