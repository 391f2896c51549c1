package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Lap;
import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import io.goodhart.domain.SplitMix;
import io.goodhart.probing.Activations;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.fit.LogisticRegression;
import java.util.List;

/**
 * Fits of a logistic-regression probe, standardisation included. Independent features are standard normal. Correlated ones
 * are sixteen common factors with decaying strength and a little noise of their own, which makes the problem ill-conditioned,
 * as activations of a language model are. Labels follow a random direction with noise.
 */
public final class ProbeFit {
    private static final int FACTORS = 16;

    private final int n;
    private final int d;
    private final List<String> kinds;

    /** Reads what to do from options. */
    public ProbeFit(Options options) {
        this.n = options.number("n", 10_000);
        this.d = options.number("d", 2048);
        this.kinds = options.words("features", "independent,correlated");
    }

    /** Measures every case. */
    public void run(Recorder recorder) {
        for (String kind : kinds) {
            LabelledActivations examples = examples(kind.equals("correlated"));
            recorder.measure("probe-fit/" + kind, () -> {
                Lap lap = Lap.of(() -> LogisticRegression.standard().fit(examples));
                return Sample.of(lap, "fit", 1);
            });
        }
    }

    private LabelledActivations examples(boolean correlated) {
        SplitMix random = new SplitMix(1);
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
    private void mix(float[] row, float[] factors, float[] loadings) {
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
