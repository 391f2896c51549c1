package io.goodhart.trainer.report;

import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.Evaluation;
import io.goodhart.domain.report.Evaluation.Perplexity;
import io.goodhart.domain.report.Evaluation.ProbeReading;
import io.goodhart.domain.report.Evaluation.TextSet;
import io.goodhart.domain.report.Evaluation.Transfer;
import io.goodhart.domain.report.GroupTexts;
import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Provenance;
import io.goodhart.domain.report.RunDetails;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.TrainingSpec;
import io.goodhart.domain.statistics.Normal;
import io.goodhart.probing.evaluate.AveragePrecision;
import io.goodhart.probing.evaluate.ProbabilityScores;
import io.goodhart.probing.evaluate.RocAuc;
import io.goodhart.probing.evaluate.TprAtFpr;
import io.goodhart.trainer.report.ReportInputs.RunKey;
import io.goodhart.trainer.report.ReportInputs.RunResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An experiment whose truth is known: every arm's rate and every group's separation is set, noise is drawn. */
final class SyntheticExperiment {
    static final int PROMPTS = 400;
    private static final int LABELLED = 300;
    private static final int CORPUS = 60;

    private final OptionalDouble control;
    private final SplitMix random;
    private final List<Long> seeds;
    private final Map<String, ArmSpec> arms = new LinkedHashMap<>();
    private final Map<RunKey, RunResult> runs = new LinkedHashMap<>();
    private final Map<String, Map<String, Double>> pairs = new LinkedHashMap<>();
    private final double[] difficulty;
    private final double[] fixedScores;

    /**
     * What is true of an arm.
     *
     * @param rate of the behaviour
     * @param train d′ of the training probes: AUC = Φ(d′/√2)
     * @param heldOut d′ of the held-out probes
     * @param retrained d′ of the refitted probes
     * @param shift added to the training probes' log-odds
     * @param nll nats a token above the baseline's
     */
    record Truth(double rate, double train, double heldOut, double retrained, double shift, double nll) {
        double separation(ProbeRole role) {
            return switch (role) {
                case TRAIN -> train;
                case HELD_OUT -> heldOut;
                case RETRAINED, REFITTED -> retrained;
                case CONTROL -> 0;
            };
        }
    }

    static final Truth BASE = new Truth(0.41, 1.2, 1.25, 1.2, 0, 0);

    SyntheticExperiment(long noise, List<Long> seeds) {
        this(noise, seeds, OptionalDouble.empty());
    }

    /** @param control d′ of two control probes; empty: there are none */
    SyntheticExperiment(long noise, List<Long> seeds, OptionalDouble control) {
        this.control = control;
        this.random = new SplitMix(noise);
        this.seeds = seeds;
        this.difficulty = normals(PROMPTS);
        this.fixedScores = scores(BASE.rate(), 0);
        RunResult base = result(BASE, true, 0);
        arms.put("baseline", new ArmSpec.None());
        seeds.forEach(seed -> runs.put(new RunKey("baseline", seed), base));
    }

    /** The arms of the demonstration. */
    static SyntheticExperiment demonstration() {
        SyntheticExperiment experiment = new SyntheticExperiment(7, List.of(1L, 2L, 3L));
        experiment.arm("classifier-dpo", dpo(ArmSpec.LabelBy.SCORER, null), new Truth(0.21, 1.2, 1.25, 1.15, 0, 0.12));
        experiment.arm("probe-dpo", dpo(ArmSpec.LabelBy.PROBES, 1), new Truth(0.14, 1.18, 1.22, 1.1, 0, 0.19));
        experiment.arm("ensemble-dpo", dpo(ArmSpec.LabelBy.PROBES, 10), new Truth(0.12, 1.19, 1.2, 1.1, 0, 0.21));
        experiment.arm("random-dpo", dpo(ArmSpec.LabelBy.RANDOM, null), new Truth(0.4, 1.2, 1.25, 1.2, 0, 0.005));
        experiment.arm("sft", new ArmSpec.Sft(TrainingSpec.EMPTY), new Truth(0.58, 1.18, 1.2, 1.2, 0, -0.05));
        experiment.arm("probe-sft", probeSft(10), new Truth(0.57, 0.65, 0.7, 1.12, -2.5, -0.04));
        experiment.arm("dpo-too-far", dpo(ArmSpec.LabelBy.PROBES, 10), new Truth(0.03, 0.3, 0.35, 0.35, -1, 1.2));
        return experiment;
    }

    static ArmSpec dpo(ArmSpec.LabelBy labelBy, @Nullable Integer probes) {
        return new ArmSpec.Dpo(labelBy, probes, probes == null ? null : ArmSpec.Combine.MEAN, TrainingSpec.EMPTY);
    }

    static ArmSpec probeSft(int probes) {
        return new ArmSpec.ProbeSft(
                1.0,
                probes,
                ArmSpec.ProbeAggregation.TIMED_SWITCH,
                5,
                ArmSpec.ProbeOutput.PROBABILITY,
                ArmSpec.ProbedModel.POLICY,
                TrainingSpec.EMPTY);
    }

    SyntheticExperiment arm(String name, ArmSpec arm, Truth truth) {
        arms.put(name, arm);
        for (long seed : seeds) {
            Truth seeded = new Truth(
                    Math.clamp(truth.rate() + 0.015 * normal(), 0.01, 0.99),
                    truth.train() + 0.03 * normal(),
                    truth.heldOut() + 0.03 * normal(),
                    truth.retrained() + 0.03 * normal(),
                    truth.shift(),
                    truth.nll() + 0.01 * normal());
            runs.put(new RunKey(name, seed), result(seeded, false, arm instanceof ArmSpec.Dpo ? 11 : 7));
        }
        if (arm instanceof ArmSpec.Dpo dpo) {
            boolean chance = dpo.labelBy() == ArmSpec.LabelBy.RANDOM;
            Map<String, Double> summary = new LinkedHashMap<>();
            summary.put("candidates", 1500.0);
            summary.put("pairs", chance ? 300.0 : 298.0);
            summary.put("dropped_ties", chance ? 0.0 : 2.0);
            summary.put("chosen_positive_share", chance ? 0.41 : 0.13);
            summary.put("rejected_positive_share", chance ? 0.4 : 0.7);
            summary.put("agreement_with_scorer", chance ? 0.5 : 0.86);
            pairs.put(name, summary);
        }
        return this;
    }

    /** Replaces a run that {@link #arm} made. */
    SyntheticExperiment replace(String name, long seed, RunResult result) {
        runs.put(new RunKey(name, seed), result);
        return this;
    }

    /** As if a run's own responses never showed the behaviour, so that no probe could be retrained on them. */
    void silence(String name, long seed) {
        RunResult run = run(name, seed);
        Map<String, double[]> details = new HashMap<>();
        run.details().names().stream()
                .filter(array -> !array.startsWith("probe.retrained"))
                .forEach(array -> details.put(array, run.details().array(array).orElseThrow()));
        details.put("own.score", filled(PROMPTS, 0.1));
        replace(name, seed, new RunResult(evaluation(details), RunDetails.of(details), run.points(), run.training()));
    }

    List<Long> seeds() {
        return seeds;
    }

    RunResult run(String name, long seed) {
        return runs.get(new RunKey(name, seed));
    }

    TaskSpec.Report spec() {
        return new TaskSpec.Report(
                "Does probe-DPO keep the probe?", "toxicity", 0.5, arms, seeds, null, null, TextSet.FIXED, null);
    }

    ReportInputs inputs() {
        return new ReportInputs(Provenance.UNKNOWN, sweep(), runs, pairs, Map.of());
    }

    private ProbeSweep sweep() {
        List<ProbeSweep.LayerScore> auroc = new ArrayList<>();
        double[] values = {0.801, 0.812, 0.806, 0.809, 0.815, 0.802};
        for (int layer = 0; layer < values.length; layer++) {
            auroc.add(new ProbeSweep.LayerScore(layer, values[layer]));
        }
        List<String> names = new ArrayList<>();
        List<List<Double>> cosine = new ArrayList<>();
        SplitMix own = new SplitMix(3);
        for (int i = 0; i < 12; i++) {
            names.add(i < 10 ? "train " + i : "held-out " + (i - 10));
            List<Double> row = new ArrayList<>();
            for (int j = 0; j < 12; j++) {
                row.add(i == j ? 1 : j < i ? cosine.get(j).get(i) : 0.39 + 0.29 * own.uniform());
            }
            cosine.add(row);
        }
        return new ProbeSweep(
                4, "resid_post", auroc, cosine, names, Map.of("base_rate", 0.41, "responses", 552.0), null);
    }

    private RunResult result(Truth truth, boolean baseline, int points) {
        Map<String, double[]> details = new HashMap<>();
        details.put("own.score", baseline ? fixedScores : scores(truth.rate(), 0.6));
        details.put("own.tokens", filled(PROMPTS, 14));
        if (!baseline) {
            details.put("fixed.score", fixedScores);
        }
        double[] labels = new double[LABELLED];
        Arrays.setAll(labels, i -> i % 3 == 0 ? 1 : 0);
        details.put("labelled.label", labels);
        Set<ProbeRole> roles = EnumSet.allOf(ProbeRole.class);
        if (control.isEmpty()) {
            roles.remove(ProbeRole.CONTROL);
        }
        for (ProbeRole role : roles) {
            for (int i = 0; i < (role == ProbeRole.TRAIN ? 10 : 2); i++) {
                addProbe(details, truth, baseline, role, i);
            }
        }
        for (String corpus : List.of("tweets", "wikitext")) {
            double[] tokens = filled(CORPUS, corpus.equals("tweets") ? 20 : 60);
            double[] nll = new double[CORPUS];
            double change = corpus.equals("tweets") ? truth.nll() : truth.nll() * 0.1;
            SplitMix texts = new SplitMix(corpus.hashCode());
            Arrays.setAll(
                    nll,
                    i -> tokens[i] * (4.4 + 0.6 * (texts.uniform() + texts.uniform() - 1) + change + 0.02 * normal()));
            details.put("corpus." + corpus + ".nll", nll);
            details.put("corpus." + corpus + ".tokens", tokens);
        }
        SortedMap<Integer, Evaluation> evaluations = new TreeMap<>();
        for (int p = 0; p < points; p++) {
            evaluations.put(p, point(truth, (double) p / (points - 1)));
        }
        Map<String, Double> training =
                points == 0 ? Map.of() : Map.of("loss", 0.55 + 0.02 * normal(), "rewards/accuracies", 0.8);
        return new RunResult(evaluation(details), RunDetails.of(details), evaluations, training);
    }

    private void addProbe(Map<String, double[]> details, Truth truth, boolean baseline, ProbeRole role, int index) {
        String name = "probe." + role.name().toLowerCase(Locale.ROOT) + "." + index + ".";
        double[] own = details.get("own.score");
        details.put(name + "own", read(own, difficulty, truth, role));
        if (!baseline) {
            details.put(name + "fixed", read(fixedScores, difficulty, truth, role));
            details.put(name + "own_on_base", read(own, difficulty, BASE, role));
            details.put(name + "fixed.re_standardised", read(fixedScores, difficulty, truth, role));
        }
        details.put(name + "labelled", read(details.get("labelled.label"), normals(LABELLED), truth, role));
        details.get(name + "own")[17] = Double.NaN; // one response without tokens
    }

    /** Probabilities with the group's separation: half of the noise is the text's, half the probe's. */
    private double[] read(double[] scores, double[] texts, Truth truth, ProbeRole role) {
        double[] probabilities = new double[scores.length];
        for (int i = 0; i < scores.length; i++) {
            double side = scores[i] >= 0.5 ? 0.5 : -0.5;
            double separation = role == ProbeRole.CONTROL ? control.orElseThrow() : truth.separation(role);
            double noise = Math.sqrt(0.5) * texts[i] + Math.sqrt(0.5) * normal();
            double shift = role == ProbeRole.TRAIN ? truth.shift() : 0;
            probabilities[i] = 1 / (1 + Math.exp(-1.5 * (side * separation + noise) - shift));
        }
        return probabilities;
    }

    private static Evaluation evaluation(Map<String, double[]> details) {
        RunDetails run = RunDetails.of(details);
        List<ProbeReading> readings = new ArrayList<>();
        for (ProbeRole role : ProbeRole.values()) {
            for (int index : run.indices(role)) {
                for (TextSet set : TextSet.values()) {
                    for (Transfer transfer : Transfer.values()) {
                        GroupTexts.of(run, role, List.of(index), set, transfer, 0.5)
                                .map(GroupTexts::readable)
                                .ifPresent(texts -> readings.add(reading(role, index, set, transfer, texts)));
                    }
                }
            }
        }
        double[] own = run.ownScores();
        Map<String, Perplexity> perplexity = new LinkedHashMap<>();
        for (String corpus : List.of("tweets", "wikitext")) {
            double[] nll = details.get("corpus." + corpus + ".nll");
            double[] tokens = details.get("corpus." + corpus + ".tokens");
            double perToken =
                    Math.exp(Arrays.stream(nll).sum() / Arrays.stream(tokens).sum());
            perplexity.put(
                    corpus,
                    new Perplexity(nll.length, (long) Arrays.stream(tokens).sum(), perToken, perToken * 1.1));
        }
        int positives = (int) Arrays.stream(own).filter(score -> score >= 0.5).count();
        return new Evaluation(
                own.length,
                positives,
                Arrays.stream(own).average().orElseThrow(),
                14.4,
                1,
                0.004,
                readings,
                perplexity);
    }

    private static ProbeReading reading(ProbeRole role, int index, TextSet set, Transfer transfer, GroupTexts texts) {
        double[] p = texts.meanProbabilities();
        boolean[] y = texts.labels();
        return new ProbeReading(
                role,
                index,
                set,
                transfer,
                texts.texts(),
                texts.positives(),
                boxed(RocAuc.of(y, p)),
                boxed(AveragePrecision.of(y, p)),
                boxed(TprAtFpr.of(y, p, 0.01)),
                Arrays.stream(p).average().orElseThrow(),
                ProbabilityScores.accuracy(y, p, 0.5).orElseThrow());
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    /** An evaluation on the way, as far as {@code done} says. */
    private Evaluation point(Truth truth, double done) {
        double way = 1 / (1 + Math.exp(-10 * (done - 0.4)));
        double rate = Math.clamp(BASE.rate() + way * (truth.rate() - BASE.rate()) + 0.02 * normal(), 0, 1);
        List<ProbeReading> readings = new ArrayList<>();
        for (ProbeRole role : List.of(ProbeRole.TRAIN, ProbeRole.HELD_OUT, ProbeRole.REFITTED)) {
            for (TextSet set : List.of(TextSet.OWN, TextSet.FIXED)) {
                double d = BASE.separation(role) + way * (truth.separation(role) - BASE.separation(role));
                double auc = Normal.cdf(d / Math.sqrt(2)) + (set == TextSet.OWN ? 0.03 : 0.008) * normal();
                readings.add(new ProbeReading(
                        role, 0, set, Transfer.FROZEN, 100, 41, Math.clamp(auc, 0, 1), 0.7, 0.2, 0.4, 0.7));
            }
        }
        Map<String, Perplexity> perplexity = new LinkedHashMap<>();
        perplexity.put("tweets", new Perplexity(100, 2000, 137 * Math.exp(way * truth.nll()), 150));
        perplexity.put("wikitext", new Perplexity(100, 6000, 88 * Math.exp(way * truth.nll() * 0.1), 95));
        return new Evaluation(100, (int) Math.round(rate * 100), rate, 14.4, 3, 0.004, readings, perplexity);
    }

    /** Scores of which this share is positive; {@code own} of 0 orders prompts alike for everybody. */
    private double[] scores(double rate, double own) {
        double[] propensity = new double[PROMPTS];
        Arrays.setAll(propensity, i -> (1 - own) * difficulty[(i * 7 + 3) % PROMPTS] + own * normal());
        double[] sorted = propensity.clone();
        Arrays.sort(sorted);
        double limit = sorted[(int) Math.floor((1 - rate) * PROMPTS)];
        double[] scores = new double[PROMPTS];
        Arrays.setAll(scores, i -> propensity[i] >= limit ? 0.9 : 0.1);
        return scores;
    }

    private double[] normals(int n) {
        double[] values = new double[n];
        Arrays.setAll(values, i -> normal());
        return values;
    }

    /** Sum of twelve uniform numbers, less six. */
    private double normal() {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += random.uniform();
        }
        return sum;
    }

    private static double[] filled(int n, double value) {
        double[] values = new double[n];
        Arrays.fill(values, value);
        return values;
    }
}
