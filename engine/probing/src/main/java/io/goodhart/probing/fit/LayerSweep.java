package io.goodhart.probing.fit;

import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledActivations;
import io.goodhart.probing.evaluate.RocAuc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * One probe for each layer, and the layer whose probe ranks the validation examples best. Wehner and Fritz 2025, arXiv:2510.21531,
 * section 3. Equal AUCs go to the lower layer.
 *
 * @param layers results in ascending order of layers, one or more
 */
public record LayerSweep(List<Result> layers) {
    public LayerSweep {
        layers = layers.stream().sorted(Comparator.comparingInt(Result::layer)).toList();
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("Need a layer or more");
        }
    }

    /**
     * Activations of the same examples at one layer.
     *
     * @param train fitted to
     * @param validation ranked
     */
    public record Layer(int layer, LabelledActivations train, LabelledActivations validation) {}

    /** The probe of one layer with its AUC on the validation examples. */
    public record Result(int layer, FittedProbe probe, double validationAuc) {}

    /**
     * Fits and ranks layer by layer; the iterable may load each layer when it is asked for, so that one at a time is in memory.
     *
     * @throws io.goodhart.domain.InvalidInputException with code {@code one_class} if the training or validation examples of a layer
     *     lack a class
     */
    public static LayerSweep run(Iterable<Layer> layers, Function<LabelledActivations, FittedProbe> fit) {
        List<Result> results = new ArrayList<>();
        for (Layer layer : layers) {
            layer.train().requireBothClasses("training");
            layer.validation().requireBothClasses("validation");
            FittedProbe probe = fit.apply(layer.train());
            double[] logits = probe.logits(layer.validation().activations());
            double auc = RocAuc.of(layer.validation().labels(), logits).orElseThrow();
            results.add(new Result(layer.layer(), probe, auc));
        }
        return new LayerSweep(results);
    }

    /** The highest AUC; the lowest layer among equals. */
    public Result best() {
        Result best = layers.getFirst();
        for (Result result : layers) {
            if (result.validationAuc() > best.validationAuc()) {
                best = result;
            }
        }
        return best;
    }
}
