package io.goodhart.probing.fit;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.evaluate.RocAuc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Probes for each layer, and the layer whose probes rank the validation examples best. Wehner and Fritz 2025, arXiv:2510.21531,
 * section 3. A layer's AUC is the mean over the probes that are judged; each of them ranks the validation examples of all of them.
 * Equal AUCs go to the lower layer.
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
     * Activations at one layer.
     *
     * @param train the examples that each probe is fitted to
     * @param validation the examples that are ranked
     */
    public record Layer(int layer, List<LabelledTexts> train, List<LabelledTexts> validation) {
        public Layer {
            train = List.copyOf(train);
            validation = List.copyOf(validation);
        }
    }

    /** Makes a probe. */
    @FunctionalInterface
    public interface Fit {
        /** Fits probe number {@code probe} of a layer. */
        FittedProbe fit(int layer, int probe, LabelledTexts examples);
    }

    /**
     * The probes of one layer.
     *
     * @param validationAuc mean over the judged probes; empty if the validation examples lack a class
     */
    public record Result(int layer, List<FittedProbe> probes, OptionalDouble validationAuc) {
        public Result {
            probes = List.copyOf(probes);
        }
    }

    /**
     * Fits and ranks layer by layer; the iterable may load each layer when it is asked for, so that one at a time is in memory.
     *
     * @param judged numbers of the probes whose AUC counts
     * @param aggregation how a text's score is made of its rows'
     */
    public static LayerSweep run(Iterable<Layer> layers, List<Integer> judged, Aggregation aggregation, Fit fit) {
        List<Result> results = new ArrayList<>();
        for (Layer layer : layers) {
            List<FittedProbe> probes = new ArrayList<>();
            for (LabelledTexts examples : layer.train()) {
                probes.add(fit.fit(layer.layer(), probes.size(), examples));
            }
            OptionalDouble auc = judged.stream()
                    .map(probe -> auc(probes.get(probe), aggregation, layer.validation()))
                    .flatMapToDouble(OptionalDouble::stream)
                    .average();
            results.add(new Result(layer.layer(), probes, auc));
        }
        return new LayerSweep(results);
    }

    /** How well a probe ranks all of these examples together; empty if they lack a class. */
    public static OptionalDouble auc(FittedProbe probe, Aggregation aggregation, List<LabelledTexts> parts) {
        int n = parts.stream().mapToInt(LabelledTexts::n).sum();
        boolean[] labels = new boolean[n];
        double[] logits = new double[n];
        int at = 0;
        for (LabelledTexts part : parts) {
            System.arraycopy(probe.logits(part.activations(), aggregation), 0, logits, at, part.n());
            System.arraycopy(part.labels(), 0, labels, at, part.n());
            at += part.n();
        }
        return RocAuc.of(labels, logits);
    }

    /** The highest AUC; the lowest layer among equals; empty if no layer has one. */
    public Optional<Result> best() {
        return layers.stream()
                .filter(result -> result.validationAuc().isPresent())
                .max(Comparator.comparingDouble(
                                (Result result) -> result.validationAuc().getAsDouble())
                        .thenComparing(Comparator.comparingInt(Result::layer).reversed()));
    }
}
