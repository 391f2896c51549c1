package io.goodhart.probeservice.score;

import io.goodhart.domain.ConflictException;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.probeservice.catalog.ProbeCatalog;
import io.goodhart.probeservice.catalog.ServedProbe;
import io.goodhart.probeservice.child.ScoreChild;
import io.goodhart.probeservice.child.ScoreChild.PromptedText;
import io.goodhart.probeservice.child.ScoreChild.Reading;
import io.goodhart.probeservice.child.ScoreChild.TextScores;
import io.goodhart.probeservice.score.ScoreResponse.ProbeScore;
import io.goodhart.probeservice.score.ScoreResponse.TextScore;
import io.goodhart.probeservice.score.ScoreResponse.TokenScore;
import io.goodhart.probing.Calibration;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ReadPoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Puts together what the probes of one request read; probes of one set share one reading of the texts. */
public final class TextScoring {
    private final ProbeCatalog catalog;
    private final ScoreChild child;
    private final Path files;
    private final int maxTexts;

    /**
     * @param catalog the probes
     * @param child reads texts
     * @param files root of the models, absolute
     * @param maxTexts most texts of one request
     */
    public TextScoring(ProbeCatalog catalog, ScoreChild child, Path files, int maxTexts) {
        this.catalog = catalog;
        this.child = child;
        this.files = files;
        this.maxTexts = maxTexts;
    }

    /** What one probe reads of all texts: its place among the probes of the reading. */
    private record Column(ServedProbe probe, List<TextScores> reading, int place) {}

    ScoreResponse score(ScoreRequest request) {
        check(request);
        List<ServedProbe> probes = request.probes().stream().map(catalog::probe).toList();
        checkReadable(probes);
        checkAggregation(probes, request.aggregation());
        List<PromptedText> texts = request.items().stream()
                .map(item -> new PromptedText(item.prompt() == null ? "" : item.prompt(), item.text()))
                .toList();
        List<Column> columns = read(probes, texts, request);
        List<TextScore> data = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            int text = i;
            int tokens = columns.getFirst().reading().get(text).tokens();
            data.add(new TextScore(
                    text,
                    tokens,
                    columns.stream()
                            .map(column -> probeScore(column, text, request))
                            .toList()));
        }
        return new ScoreResponse("list", data);
    }

    private void check(ScoreRequest request) {
        List<Problem> problems = new ArrayList<>();
        if (request.items().size() > maxTexts) {
            problems.add(new Problem(
                    "out_of_range",
                    "items",
                    "At most %d texts at once, got %d"
                            .formatted(maxTexts, request.items().size())));
        }
        for (int i = 0; i < request.items().size(); i++) {
            if (request.items().get(i).text().isEmpty()) {
                problems.add(new Problem("empty_text", "items[%d].text".formatted(i), "There is nothing to score"));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private static void checkReadable(List<ServedProbe> probes) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < probes.size(); i++) {
            ProbeRole role = probes.get(i).probe().role();
            if (role == ProbeRole.RETRAINED || role == ProbeRole.REFITTED) {
                problems.add(
                        new Problem(
                                "tuned_model",
                                "probes[%d]".formatted(i),
                                "This probe was fitted on a model that a run has trained, and only the base model is loaded here"));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private static void checkAggregation(List<ServedProbe> probes, @Nullable Aggregation aggregation) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < probes.size(); i++) {
            FittedProbe fit = probes.get(i).probe().fit();
            if (aggregation != null && !fit.supports(aggregation)) {
                problems.add(new Problem(
                        "unsupported_aggregation",
                        "probes[%d]".formatted(i),
                        "A probe of kind %s is not scored by %s".formatted(lower(fit.kind()), lower(aggregation))));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private List<Column> read(List<ServedProbe> probes, List<PromptedText> texts, ScoreRequest request) {
        Map<Path, List<ServedProbe>> sets = new LinkedHashMap<>();
        for (ServedProbe probe : probes) {
            List<ServedProbe> members = sets.computeIfAbsent(probe.file(), file -> new ArrayList<>());
            if (!members.contains(probe)) {
                members.add(probe);
            }
        }
        Map<Path, List<TextScores>> readings = new LinkedHashMap<>();
        sets.forEach((file, members) -> {
            try {
                readings.put(file, child.read(reading(file, members, texts, request)));
            } catch (ConflictException e) {
                throw refused(e, probes, members);
            }
        });
        List<Column> columns = new ArrayList<>();
        for (ServedProbe probe : probes) {
            List<ServedProbe> members = sets.getOrDefault(probe.file(), List.of());
            List<TextScores> reading = readings.getOrDefault(probe.file(), List.of());
            columns.add(new Column(probe, reading, members.indexOf(probe)));
        }
        return columns;
    }

    /** The model is not the one that these probes were fitted on. */
    private static InvalidInputException refused(
            ConflictException mismatch, List<ServedProbe> probes, List<ServedProbe> members) {
        return new InvalidInputException(IntStream.range(0, probes.size())
                .filter(i -> members.contains(probes.get(i)))
                .mapToObj(i ->
                        new Problem(mismatch.code(), "probes[%d]".formatted(i), String.valueOf(mismatch.getMessage())))
                .toList());
    }

    private Reading reading(Path file, List<ServedProbe> members, List<PromptedText> texts, ScoreRequest request) {
        ReadPoint point = members.getFirst().probe().readPoint();
        List<Integer> indices = members.stream().map(ServedProbe::index).toList();
        Path model = files.resolve(point.model().path());
        return new Reading(
                model,
                point.model().sha256(),
                file.toAbsolutePath(),
                indices,
                texts,
                perToken(request),
                request.aggregation());
    }

    private static boolean perToken(ScoreRequest request) {
        return Boolean.TRUE.equals(request.perToken());
    }

    private static ProbeScore probeScore(Column column, int text, ScoreRequest request) {
        TextScores scores = column.reading().get(text);
        Probe probe = column.probe().probe();
        double logit = scores.logits().get(column.place());
        Optional<Calibration> own = request.aggregation() == null
                ? Optional.of(probe.calibration())
                : probe.calibration(request.aggregation());
        Calibration calibration = own.orElse(Calibration.uncalibrated(0.5));
        return new ProbeScore(
                column.probe().name(),
                calibration.probability(logit),
                logit,
                own.isPresent() ? Boolean.valueOf(calibration.flags(logit)) : null,
                perToken(request) ? byToken(scores, column.place(), calibration) : null);
    }

    private static List<TokenScore> byToken(TextScores scores, int place, Calibration calibration) {
        List<TokenScore> tokens = new ArrayList<>();
        List<Double> logits = scores.tokenLogits().get(place);
        for (int token = 0; token < logits.size(); token++) {
            double logit = logits.get(token);
            tokens.add(new TokenScore(scores.starts().get(token), calibration.probability(logit), logit));
        }
        return tokens;
    }
}
