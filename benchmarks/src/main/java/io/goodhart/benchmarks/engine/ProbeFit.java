package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Lap;
import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.probing.Activations;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.LinearFit;
import io.goodhart.probing.TokenActivations;
import io.goodhart.probing.fit.LayerSweep;
import io.goodhart.probing.fit.LogisticRegression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fits of a logistic-regression probe, standardisation included. Independent features are standard normal. Correlated ones
 * are sixteen common factors with decaying strength and a little noise of their own, which makes the problem ill-conditioned,
 * as activations of a language model are. Labels follow a random direction with noise. {@code sweep}: a correlated set for each of
 * some layers, fitted to three quarters of its rows and ranked by AUC on the rest. Beside the time stand the objective that was
 * reached and the norm of its gradient there.
 */
public final class ProbeFit {
    private static final int FACTORS = 16;

    private final int n;
    private final int d;
    private final int sweepN;
    private final int sweepD;
    private final int layers;
    private final List<String> kinds;

    /** Reads what to do from options. */
    public ProbeFit(Options options) {
        this.n = options.number("n", 10_000);
        this.d = options.number("d", 2048);
        this.sweepN = options.number("sweep-n", 4000);
        this.sweepD = options.number("sweep-d", 768);
        this.layers = options.number("layers", 6);
        this.kinds = options.words("features", "independent,correlated,sweep");
    }

    /** Measures every case. */
    public void run(Recorder recorder) {
        for (String kind : kinds) {
            if (kind.equals("sweep")) {
                sweep(recorder);
            } else {
                LabelledActivations examples = examples(n, d, kind.equals("correlated"), 1);
                recorder.measure("probe-fit/" + kind, () -> {
                    Lap.Start start = Lap.start();
                    LinearFit probe = LogisticRegression.standard().fit(examples);
                    Lap lap = start.stop();
                    return Optimum.of(probe, examples).addTo(Sample.of(lap, "fit", 1));
                });
            }
        }
    }

    private void sweep(Recorder recorder) {
        List<LayerSweep.Layer> sets = new ArrayList<>();
        for (int layer = 0; layer < layers; layer++) {
            LabelledActivations all = examples(sweepN, sweepD, true, layer + 1);
            int train = 3 * sweepN / 4;
            sets.add(new LayerSweep.Layer(
                    layer, List.of(texts(part(all, 0, train))), List.of(texts(part(all, train, sweepN)))));
        }
        recorder.measure("probe-sweep", () -> {
            Lap.Start start = Lap.start();
            LayerSweep sweep = LayerSweep.run(
                    sets,
                    List.of(0),
                    Aggregation.MEAN,
                    (layer, probe, train) -> LogisticRegression.standard().fit(train.rows()));
            Lap lap = start.stop();
            Optimum last = Optimum.of(
                    sweep.layers().getLast().probes().getFirst().linear().orElseThrow(),
                    sets.getLast().train().getFirst().rows());
            return last.addTo(Sample.of(lap, "layer", layers));
        });
    }

    private static LabelledTexts texts(LabelledActivations examples) {
        return LabelledTexts.of(TokenActivations.pooled(examples.activations()), examples.labels());
    }

    private static LabelledActivations part(LabelledActivations all, int from, int to) {
        int width = all.activations().d();
        float[] values = Arrays.copyOfRange(all.activations().valuesND(), from * width, to * width);
        return LabelledActivations.of(
                Activations.of(values, to - from, width), Arrays.copyOfRange(all.labels(), from, to));
    }

    /**
     * What a fit has reached.
     *
     * @param objective ½ w·w + Σ softplus(−m)
     * @param gradientNorm of the objective in (w, b)
     */
    private record Optimum(double objective, double gradientNorm) {
        static Optimum of(LinearFit probe, LabelledActivations examples) {
            Activations x = examples.activations();
            double[] mean = probe.standardiser().mean().toArray();
            double[] scale = probe.standardiser().scale().toArray();
            double[] gradient = probe.weight().toArray();
            double[] logits = probe.logits(x);
            double objective = 0.5 * probe.weight().dot(probe.weight());
            double ofBias = 0;
            for (int i = 0; i < x.n(); i++) {
                double margin = examples.label(i) ? logits[i] : -logits[i];
                objective += Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
                double residual = FittedProbe.sigmoid(logits[i]) - (examples.label(i) ? 1 : 0);
                ofBias += residual;
                for (int j = 0; j < x.d(); j++) {
                    gradient[j] += residual * (x.get(i, j) - mean[j]) / scale[j];
                }
            }
            double squares = ofBias * ofBias;
            for (double slope : gradient) {
                squares += slope * slope;
            }
            return new Optimum(objective, Math.sqrt(squares));
        }

        Sample addTo(Sample sample) {
            return sample.with("objective", objective).with("gradient_norm", gradientNorm);
        }
    }

    private static LabelledActivations examples(int n, int d, boolean correlated, long seed) {
        SplitMix random = new SplitMix(seed);
        float[] loadings = gaussians(random, FACTORS * d);
        float[] direction = gaussians(random, d);
        float[] values = new float[n * d];
        boolean[] labels = new boolean[n];
        double noise = Math.sqrt(d);
        for (int i = 0; i < n; i++) {
            float[] row = gaussians(random, d);
            if (correlated) {
                mix(row, gaussians(random, FACTORS), loadings);
            }
            double score = noise * gaussians(random, 1)[0];
            for (int j = 0; j < d; j++) {
                score += row[j] * direction[j];
            }
            labels[i] = score > 0;
            System.arraycopy(row, 0, values, i * d, d);
        }
        return LabelledActivations.of(Activations.of(values, n, d), labels);
    }

    /** x ← 0.3·x + Σ_k f_k/√(k+1) · loading_k. */
    private static void mix(float[] row, float[] factors, float[] loadings) {
        int d = row.length;
        for (int j = 0; j < d; j++) {
            row[j] *= 0.3f;
        }
        for (int k = 0; k < FACTORS; k++) {
            float strength = (float) (factors[k] / Math.sqrt(k + 1.0));
            for (int j = 0; j < d; j++) {
                row[j] += strength * loadings[k * d + j];
            }
        }
    }

    /** Standard normal numbers by Box and Muller's method. */
    private static float[] gaussians(SplitMix random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            double radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
            values[i] = (float) (radius * Math.cos(2 * Math.PI * random.uniform()));
        }
        return values;
    }
}
