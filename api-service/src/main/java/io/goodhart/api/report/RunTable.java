package io.goodhart.api.report;

import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.ArmReport.SeedRun;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.RunLink;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Every run: what it measured, and the run and the artifacts that its numbers come from. */
final class RunTable {
    static final String ID = "runs";
    private static final int SHORT = 12;

    private final Report report;

    RunTable(Report report) {
        this.report = report;
    }

    /** Where other tables' arms lead: to their runs. */
    Map<String, String> anchors() {
        Map<String, String> anchors = new LinkedHashMap<>();
        report.arms().stream()
                .filter(arm -> !rows(arm).isEmpty())
                .forEach(arm -> anchors.put(arm.name(), "#" + anchor(arm.name())));
        return anchors;
    }

    static String anchor(String arm) {
        return ID + "-" + arm;
    }

    Table table() {
        List<List<String>> rows = new ArrayList<>();
        report.arms().forEach(arm -> rows.addAll(rows(arm)));
        return new Table(
                        ID,
                        "Every run",
                        "One final evaluation a row, with Wilson's interval. Run and artifacts are what its numbers come from;"
                                + " links lead to the server that made the report.",
                        2,
                        List.of(
                                "arm",
                                "run",
                                "positives",
                                "rate",
                                "mean score",
                                "tokens",
                                "empty",
                                "repetition",
                                "id",
                                "evaluation",
                                "per text",
                                "training",
                                "pairs",
                                "failure"),
                        rows)
                .linked(links());
    }

    private List<List<String>> rows(ArmReport arm) {
        List<List<String>> rows = new ArrayList<>();
        arm.runs().forEach(run -> rows.add(measured(arm, run)));
        links(arm).stream().filter(link -> link.failure() != null).forEach(link -> rows.add(failed(link)));
        return rows;
    }

    private List<RunLink> links(ArmReport arm) {
        return all().stream().filter(link -> link.arm().equals(arm.name())).toList();
    }

    private List<RunLink> all() {
        return Objects.requireNonNullElse(report.runs(), List.of());
    }

    private List<String> measured(ArmReport arm, SeedRun run) {
        Optional<RunLink> link = links(arm).stream()
                .filter(one -> one.seed() == run.seed() && one.failure() == null)
                .findFirst();
        List<String> row = new ArrayList<>(List.of(
                arm.name(),
                "seed " + run.seed(),
                run.positives() + " / " + run.prompts(),
                Numbers.estimate(run.rate(), 3),
                Numbers.fixed(run.meanScore(), 3),
                Numbers.fixed(run.meanTokens(), 1),
                String.valueOf(run.empty()),
                Numbers.percent(run.repetition(), 1)));
        link.ifPresentOrElse(one -> addSources(row, one), () -> row.addAll(Collections.nCopies(5, Numbers.ABSENT)));
        row.add(Numbers.ABSENT);
        return row;
    }

    private static List<String> failed(RunLink link) {
        List<String> row = new ArrayList<>(List.of(link.arm(), "seed " + link.seed()));
        row.addAll(Collections.nCopies(6, Numbers.ABSENT));
        addSources(row, link);
        row.add(Objects.requireNonNull(link.failure()));
        return row;
    }

    private static void addSources(List<String> row, RunLink link) {
        row.add(shortened(link));
        for (String name : List.of("final", "details", "training", "pairs")) {
            ArtifactId artifact = link.artifacts().get(name);
            row.add(artifact == null ? Numbers.ABSENT : shortened(artifact));
        }
    }

    private Map<String, String> links() {
        Map<String, String> links = new LinkedHashMap<>();
        for (RunLink link : all()) {
            links.put(shortened(link), link.path());
            link.artifacts()
                    .values()
                    .forEach(artifact -> links.put(shortened(artifact), "/v1/artifacts/" + artifact.sha256()));
        }
        return links;
    }

    /** The end of an id is its random part. */
    private static String shortened(RunLink link) {
        String id = link.run().toString();
        return id.substring(id.length() - SHORT);
    }

    private static String shortened(ArtifactId artifact) {
        return artifact.sha256().substring(0, SHORT);
    }
}
