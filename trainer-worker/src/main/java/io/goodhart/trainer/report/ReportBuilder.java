package io.goodhart.trainer.report;

import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.ArmReport;
import io.goodhart.domain.report.ArmReport.Behaviour;
import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.DomainShift;
import io.goodhart.domain.report.EvasionReading;
import io.goodhart.domain.report.PerplexityResult;
import io.goodhart.domain.report.ProbeGroup;
import io.goodhart.domain.report.ProbeResult;
import io.goodhart.domain.report.ProbeSweep;
import io.goodhart.domain.report.Report;
import io.goodhart.domain.report.Rules;
import io.goodhart.domain.report.TrainedAlike;
import io.goodhart.domain.report.Verdict;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.SeedFactor;
import io.goodhart.domain.statistics.Holm;
import io.goodhart.domain.statistics.SeedMean;
import io.goodhart.trainer.report.ProbeSection.Reading;
import io.goodhart.trainer.report.ReportArms.Arm;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Answers an experiment. A pure function: the same evaluations give the same report. */
public final class ReportBuilder {
    private final TaskSpec.Report spec;
    private final ReportInputs inputs;
    private final Rules rules;
    private final ReportArms arms;
    private final int resamples;

    private ReportBuilder(TaskSpec.Report spec, ReportInputs inputs, int resamples) {
        this.resamples = resamples;
        ProbeSweep sweep = inputs.sweep();
        this.rules = StandardRules.rules(
                Optional.ofNullable(spec.seedVaries()).orElse(List.of(SeedFactor.TRAINING)),
                spec.probeResponses(),
                sweep != null && sweep.labelled() != null);
        this.spec = spec;
        this.inputs = inputs;
        this.arms = new ReportArms(spec, inputs);
    }

    /** The report of an experiment from its runs' evaluations. */
    public static Report build(TaskSpec.Report spec, ReportInputs inputs) {
        return build(spec, inputs, Resampling.RESAMPLES);
    }

    /** The same with so many resamples for a bootstrap. */
    static Report build(TaskSpec.Report spec, ReportInputs inputs, int resamples) {
        return new ReportBuilder(spec, inputs, resamples).build();
    }

    /** What is known of an arm before p-values are corrected over the arms. */
    private record Draft(
            Arm arm,
            @Nullable Behaviour behaviour,
            List<Reading> readings,
            @Nullable List<DomainShift> domainShift,
            List<EvasionReading> evasion,
            List<PerplexityResult> perplexity,
            List<VerdictRules.Gain> gains) {}

    private Report build() {
        Map<Family, List<SeedMean>> families = new HashMap<>();
        for (Arm arm : arms.all()) {
            draft(arm, 0, (reading, own) -> {
                if (!TrainedAlike.isRandom(arm.spec())) {
                    families.computeIfAbsent(family(arm, reading), name -> new ArrayList<>())
                            .add(own);
                }
                return own;
            });
        }
        List<Draft> drafts = adjusted(arms.all().stream()
                .map(arm ->
                        draft(arm, resamples, (reading, own) -> pooled(arm, own, families.get(family(arm, reading)))))
                .toList());
        List<ArmReport> reports =
                drafts.stream().map(draft -> report(draft, drafts)).toList();
        return new Report(
                Report.CURRENT_VERSION,
                spec.title(),
                spec.behaviour(),
                spec.threshold(),
                spec.seeds(),
                inputs.provenance(),
                rules,
                inputs.sweep(),
                GridSection.of(spec.arms(), reports).orElse(null),
                reports,
                new WarningSection(rules, inputs.unmeasured()).of(arms, reports, spec.seeds()),
                null,
                null);
    }

    /**
     * Arms that lend each other their spread over seeds: those that train alike but for the signal. Random labels
     * lead nowhere in particular, so such an arm's spread counts for itself alone; it borrows the others'.
     */
    private static SeedMean pooled(Arm arm, SeedMean own, @Nullable List<SeedMean> family) {
        List<SeedMean> shared = new ArrayList<>(family == null ? List.of() : family);
        if (TrainedAlike.isRandom(arm.spec())) {
            shared.add(own);
        }
        return own.pooled(shared);
    }

    /** A reading of the arms that train alike. */
    private static Family family(Arm arm, String reading) {
        return new Family(TrainedAlike.of(arm.spec()), reading);
    }

    private record Family(TrainedAlike training, String reading) {}

    private Draft draft(Arm arm, int draws, SeedPool pool) {
        Optional<Arm> baseline = arms.baseline();
        Optional<Arm> control = arms.controlOf(arm);
        EvasionSection evasion = new EvasionSection(
                spec.threshold(), rules.level(), rules.fewPositives(), StandardRules.SMALLEST_SHIFT, pool);
        Families families = Families.of(arms);
        BehaviourSection behaviours = new BehaviourSection(spec.threshold(), rules.level(), families, pool);
        ProbeSection probes =
                new ProbeSection(spec.threshold(), rules.level(), families, new Resampling(rules.level(), draws), pool);
        List<VerdictRules.Gain> gains = new ArrayList<>();
        for (ProbeGroup refit : VerdictRules.REFITS) {
            for (ProbeGroup frozen : VerdictRules.FROZEN) {
                probes.gainOfRefitting(arm, refit, frozen)
                        .ifPresent(gain -> gains.add(new VerdictRules.Gain(refit, frozen, gain)));
            }
        }
        List<Reading> readings = probes.of(arm, baseline, control);
        return new Draft(
                arm,
                behaviours.of(arm, baseline, control).orElse(null),
                readings,
                spec.inDomain() == null ? null : new DomainSection(probes, spec.inDomain()).of(arm, readings, baseline),
                evasion.of(arm, baseline),
                new PerplexitySection(rules.level(), pool).of(arm, baseline),
                gains);
    }

    private static List<Draft> adjusted(List<Draft> drafts) {
        List<@Nullable Comparison> toBaseline = holm(drafts.stream()
                .<@Nullable Comparison>map(
                        d -> d.behaviour() == null ? null : d.behaviour().againstBaseline())
                .toList());
        List<@Nullable Comparison> toControl = holm(drafts.stream()
                .<@Nullable Comparison>map(
                        d -> d.behaviour() == null ? null : d.behaviour().againstControl())
                .toList());
        List<Draft> adjusted = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft d = drafts.get(i);
            Behaviour b = d.behaviour();
            Behaviour corrected = b == null
                    ? null
                    : new Behaviour(
                            b.rate(),
                            b.meanScore(),
                            b.meanTokens(),
                            b.repetition(),
                            b.emptyShare(),
                            toBaseline.get(i),
                            toControl.get(i));
            List<Reading> readings =
                    d.readings().stream().map(r -> adjusted(r, drafts)).toList();
            adjusted.add(
                    new Draft(d.arm(), corrected, readings, d.domainShift(), d.evasion(), d.perplexity(), d.gains()));
        }
        return adjusted;
    }

    /** A reading with p-values corrected over the arms that have the same reading. */
    private static Reading adjusted(Reading reading, List<Draft> drafts) {
        List<ProbeResult> family = drafts.stream()
                .flatMap(draft -> draft.readings().stream().map(Reading::result))
                .filter(other -> ProbeSection.sameFamily(other, reading.result()))
                .toList();
        int own = family.indexOf(reading.result());
        return reading.with(reading.result()
                .compared(
                        holm(family.stream()
                                        .<@Nullable Comparison>map(ProbeResult::againstBaseline)
                                        .toList())
                                .get(own),
                        holm(family.stream()
                                        .<@Nullable Comparison>map(ProbeResult::againstControl)
                                        .toList())
                                .get(own)));
    }

    /** Holm's correction of those that have a p-value. */
    private static List<@Nullable Comparison> holm(List<@Nullable Comparison> family) {
        double[] p = family.stream()
                .filter(c -> c != null && c.p() != null)
                .mapToDouble(c -> c == null || c.p() == null ? 1 : c.p())
                .toArray();
        double[] corrected = Holm.adjusted(p);
        List<@Nullable Comparison> result = new ArrayList<>();
        int next = 0;
        for (Comparison comparison : family) {
            result.add(
                    comparison == null || comparison.p() == null ? comparison : comparison.adjusted(corrected[next++]));
        }
        return result;
    }

    private ArmReport report(Draft draft, List<Draft> drafts) {
        Arm arm = draft.arm();
        return new ArmReport(
                arm.name(),
                methodOf(arm),
                Description.of(arm.spec()),
                ReportArms.kind(arm.spec()),
                arms.controlOf(arm).map(Arm::name).orElse(null),
                arm.runs().stream()
                        .map(run -> BehaviourSection.run(run, rules.level()))
                        .toList(),
                draft.behaviour(),
                draft.readings().stream().map(Reading::result).toList(),
                draft.domainShift(),
                draft.evasion(),
                draft.perplexity(),
                CurveSection.of(arm),
                training(arm),
                inputs.pairs().get(arm.name()),
                arm.isBaseline() ? null : verdict(draft, drafts));
    }

    private Verdict verdict(Draft draft, List<Draft> drafts) {
        List<Reading> baseline = drafts.stream()
                .filter(other -> other.arm().isBaseline())
                .findFirst()
                .map(Draft::readings)
                .orElse(List.of());
        return new VerdictRules(rules)
                .judge(new VerdictRules.Evidence(
                        draft.arm().runs().stream()
                                .mapToInt(run -> run.details().ownScores().length)
                                .max()
                                .orElse(0),
                        draft.readings(),
                        baseline,
                        draft.gains(),
                        draft.behaviour(),
                        draft.perplexity()));
    }

    private static String methodOf(Arm arm) {
        return ArmSpec.methods().entrySet().stream()
                .filter(entry -> entry.getValue().isInstance(arm.spec()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** Mean over the seeds that logged a metric, by name; of the best of n how far it is from the untrained model. */
    private static Map<String, Double> training(Arm arm) {
        if (arm.spec() instanceof ArmSpec.BestOfN best) {
            return Map.of("kl/bound", best.klBound());
        }
        Map<String, List<Double>> values = new TreeMap<>();
        arm.runs()
                .forEach(run -> run.result()
                        .training()
                        .forEach((name, value) -> values.computeIfAbsent(name, n -> new ArrayList<>())
                                .add(value)));
        Map<String, Double> means = new LinkedHashMap<>();
        values.forEach((name, all) ->
                means.put(name, all.stream().mapToDouble(v -> v).average().orElseThrow()));
        return means;
    }
}
