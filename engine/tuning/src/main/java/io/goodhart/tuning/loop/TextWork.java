package io.goodhart.tuning.loop;

import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.data.PredictedTokens;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.model.Activations;
import io.goodhart.tuning.model.Tap;
import io.goodhart.tuning.model.TrainableModel;
import io.goodhart.tuning.objective.KlAnchor;
import io.goodhart.tuning.objective.ProbeSftObjective;
import io.goodhart.tuning.objective.SftObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;

/** Supervised fine-tuning, with or without probes. */
final class TextWork implements StepWork {
    /** The probe part of the loss. */
    record ProbePart(ProbeSftObjective objective, Tap tap) {
        boolean readsPolicy() {
            return objective.source() == ProbeSftObjective.Source.POLICY;
        }
    }

    private final TrainableModel model;
    private final List<TextExample> examples;
    private final SftObjective objective;
    private final Optional<ProbePart> probePart;
    private final Optional<KlAnchor> kl;
    private int step;
    private List<TextExample> rowsOfStep = List.of();
    private long denominator;

    private TextWork(
            TrainableModel model,
            List<TextExample> examples,
            SftObjective objective,
            Optional<ProbePart> probePart,
            Optional<KlAnchor> kl) {
        this.model = model;
        this.examples = examples;
        this.objective = objective;
        this.probePart = probePart;
        this.kl = kl;
    }

    static TextWork of(TrainableModel model, TrainingTask.Sft task) {
        return new TextWork(model, task.examples(), task.objective(), Optional.empty(), task.kl());
    }

    static TextWork of(TrainableModel model, TrainingTask.ProbeSft task) {
        return new TextWork(
                model,
                task.examples(),
                task.objective().language(),
                Optional.of(new ProbePart(task.objective(), task.tap())),
                task.kl());
    }

    @Override
    public void begin(int step, List<int[]> microBatches, MetricAccumulator metrics) {
        this.step = step;
        rowsOfStep = microBatches.stream()
                .flatMapToInt(Arrays::stream)
                .mapToObj(examples::get)
                .toList();
        denominator = objective.denominator(rowsOfStep);
    }

    @Override
    public double microBatch(int[] rows, MetricAccumulator metrics) {
        List<TextExample> texts = Arrays.stream(rows).mapToObj(examples::get).toList();
        TokenBatch batch = TokenBatch.packed(
                texts.stream().map(text -> text.ids().toArray()).toList());
        PredictedTokens tokens = PredictedTokens.from(
                batch, texts.stream().mapToInt(objective::firstPredicted).toArray());
        try (Autograd.Mode _ = Autograd.recording()) {
            Optional<HookPoint> tapped =
                    probePart.filter(ProbePart::readsPolicy).map(ProbePart::tap).map(Tap::point);
            Activations activations = model.forward(batch, tapped);
            Tensor hiddenND = activations.hiddenND(tokens);
            PredictionReadings readings = PredictionReadings.of(hiddenND, model.head(), tokens);
            LanguageLoss language = languageLoss(readings.logProbs());
            metrics.addTokens(batch.tokens());
            addPredictionMetrics(readings, metrics);
            if (probePart.isPresent() || kl.isPresent()) {
                metrics.addShare(MetricNames.LANGUAGE_LOSS, language.share());
            }
            List<Term> terms = new ArrayList<>();
            probePart.ifPresent(part -> terms.add(probeTerm(part, activations, batch, tokens, language, metrics)));
            kl.ifPresent(anchor -> terms.add(klTerm(anchor, batch, tokens, hiddenND, metrics)));
            return backward(readings, language, terms);
        }
    }

    /**
     * A part of the loss beside L_LM.
     *
     * @param value its value in float64
     * @param scalar the same in the graph; empty if it acts on the log-probabilities' gradients alone
     */
    private record Term(double value, Optional<Tensor> scalar) {}

    private static double backward(PredictionReadings readings, LanguageLoss language, List<Term> terms) {
        Tensor upstreamN = LeafGradients.upstream(language.gradients());
        List<Tensor> scalars =
                terms.stream().flatMap(term -> term.scalar().stream()).toList();
        if (scalars.isEmpty()) {
            Autograd.backward(readings.logProbsN(), upstreamN);
        } else {
            Tensor languageTerm =
                    readings.logProbsN().times(upstreamN).sum(); // has the gradient of L_LM, not its value
            Autograd.backward(scalars.stream().reduce(languageTerm, Tensor::plus));
        }
        return language.share() + terms.stream().mapToDouble(Term::value).sum();
    }

    private Term probeTerm(
            ProbePart part,
            Activations activations,
            TokenBatch batch,
            PredictedTokens tokens,
            LanguageLoss language,
            MetricAccumulator metrics) {
        ProbeSftObjective probes = part.objective();
        Activations read = part.readsPolicy()
                ? activations
                : model.referenceForward(batch, Optional.of(part.tap().point()));
        Tensor valueB = probes.value(read.tappedBD(batch, part.tap().pooling()), step);
        double[] values = valueB.toDoubles();
        double share = Arrays.stream(values).sum() / rowsOfStep.size();
        metrics.addShare(MetricNames.PROBE_MEAN, share);
        return switch (probes.source()) {
            case POLICY -> {
                Tensor scalar = valueB.sum().scaled(probes.lambda() / rowsOfStep.size());
                yield new Term(probes.lambda() * share, Optional.of(scalar));
            }
            case REFERENCE ->
                new Term(language.weigh(n -> probes.likelihoodWeight(values[tokens.row(n)])), Optional.empty());
        };
    }

    private Term klTerm(
            KlAnchor anchor, TokenBatch batch, PredictedTokens tokens, Tensor hiddenND, MetricAccumulator metrics) {
        KlPart part = KlPart.of(model, batch, tokens, hiddenND);
        int[] ofRow = KlPart.positions(batch, tokens);
        long ofStep = new SftObjective(objective.scope(), SftObjective.Count.PREDICTED).denominator(rowsOfStep);
        double share = 0;
        double[] gradients = new double[tokens.count()];
        for (int n = 0; n < gradients.length; n++) {
            double weight = anchor.weight(rowsOfStep.size(), ofRow[tokens.row(n)], ofStep);
            share += weight * part.value(n);
            gradients[n] = anchor.gamma() * weight;
        }
        metrics.addShare(MetricNames.KL_REF, share);
        return new Term(anchor.gamma() * share, Optional.of(part.term(gradients)));
    }

    /** Loss share of a micro-batch and its gradient with respect to each log-probability. */
    @SuppressWarnings("ArrayRecordComponent") // never leaves this class, never compared
    private record LanguageLoss(double share, double[] logProbs, double[] gradients) {
        /** Scales what each token adds to the loss; gives the change of the loss. */
        double weigh(IntToDoubleFunction weight) {
            double change = 0;
            for (int n = 0; n < gradients.length; n++) {
                double factor = weight.applyAsDouble(n);
                change += (factor - 1) * gradients[n] * logProbs[n]; // L_LM is linear in the log-probabilities
                gradients[n] *= factor;
            }
            return change;
        }
    }

    private LanguageLoss languageLoss(double[] logProbs) {
        try (Scope _ = Scope.open()) {
            Tensor logProbsN = Tensors.of(logProbs, logProbs.length).requireGradient();
            Tensor share = objective.evaluate(logProbsN, denominator);
            Autograd.backward(share);
            return new LanguageLoss(share.asDouble(), logProbs, LeafGradients.of(logProbsN));
        }
    }

    private static void addPredictionMetrics(PredictionReadings readings, MetricAccumulator metrics) {
        int count = readings.count();
        int hits = 0;
        double entropy = 0;
        for (int n = 0; n < count; n++) {
            hits += readings.hit(n) ? 1 : 0;
            entropy += readings.entropy(n);
        }
        metrics.addMean(MetricNames.MEAN_TOKEN_ACCURACY, hits / (double) count);
        metrics.addMean(MetricNames.ENTROPY, entropy / count);
    }
}
