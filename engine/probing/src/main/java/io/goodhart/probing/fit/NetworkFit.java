package io.goodhart.probing.fit;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.spec.ProbeSpec.ClassWeights;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.Standardiser;
import io.goodhart.tensor.Scope;
import java.util.Arrays;
import java.util.Optional;

/**
 * Fits a network to whole texts by L-BFGS over all of them at once, as EleutherAI's comparison of probes advises (2025), and stops
 * early: what it gives is the point on the way, the start apart, with the lowest loss on the calibration texts, once {@value #PATIENCE} further steps did
 * not lower it. Without calibration texts of both classes it runs until the gradient vanishes.
 *
 * @param c inverse strength of the penalty, positive
 */
record NetworkFit(ProbeNetwork network, double c, ClassWeights weights) {
    private static final int PATIENCE = 10;
    private static final int MAX_ITERATIONS = 300;
    private static final double TOLERANCE = 1e-5;

    /**
     * The probe with μ and σ of the training texts' rows.
     *
     * @param seed where it starts from
     * @throws io.goodhart.domain.InvalidInputException if nothing can be fitted to the texts
     */
    FittedProbe fit(LabelledTexts training, LabelledTexts calibration, long seed) {
        training.rows().requireFittable("training");
        Standardiser standardiser = Standardiser.of(training.activations().rows());
        try (Scope scope = Scope.open()) {
            NetworkObjective objective = objective(training, standardiser);
            boolean stops = calibration.positives() > 0 && calibration.positives() < calibration.n();
            EarlyStop watch =
                    new EarlyStop(stops ? Optional.of(objective(calibration, standardiser)) : Optional.empty());
            double[] start = network.start(standardiser.d(), new SplitMix(seed));
            Descent end = new Lbfgs(TOLERANCE, MAX_ITERATIONS).minimise(objective, start, watch);
            watch.consider(end.x());
            requireWeights(watch.best, network.weights(standardiser.d()));
            return network.probe(standardiser, watch.best);
        }
    }

    private static void requireWeights(double[] parameters, int weights) {
        if (Arrays.stream(parameters, 0, weights).allMatch(weight -> weight == 0)) {
            throw new InvalidInputException(new Problem(
                    "nothing_to_learn", null, "The training examples of both classes look the same to the probe"));
        }
    }

    private NetworkObjective objective(LabelledTexts texts, Standardiser standardiser) {
        int positives = texts.positives();
        LogisticObjective.Penalty penalty = LogisticObjective.Penalty.of(c, weights, positives, texts.n() - positives);
        return new NetworkObjective(network, TextBatch.of(texts.activations(), standardiser), texts.labels(), penalty);
    }

    /** Remembers where the calibration texts' loss was lowest, the start apart; without them, where it was last. */
    private static final class EarlyStop implements Lbfgs.Watch {
        private final Optional<NetworkObjective> calibration;
        private double[] best = {};
        private double lowest = Double.POSITIVE_INFINITY;
        private int since;
        private boolean started;

        EarlyStop(Optional<NetworkObjective> calibration) {
            this.calibration = calibration;
        }

        @Override
        public boolean goesOn(double[] x) {
            if (started) {
                consider(x);
            }
            started = true;
            return since < PATIENCE;
        }

        void consider(double[] x) {
            double loss = calibration.map(texts -> texts.data(x)).orElse(0.0);
            since++;
            if (calibration.isEmpty() || loss < lowest) {
                lowest = loss;
                best = x;
                since = 0;
            }
        }
    }
}
