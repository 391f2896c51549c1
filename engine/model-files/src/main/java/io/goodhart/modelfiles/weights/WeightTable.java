package io.goodhart.modelfiles.weights;

import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.OldNames;
import io.goodhart.modelfiles.safetensors.TensorInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Which tensors a checkpoint of a configuration must hold, by Hugging Face name. */
public final class WeightTable {
    /** Wrong tensors that are named one by one. */
    private static final int MOST_TOLD = 20;

    private final Map<String, ExpectedTensor> expected;
    private final OldNames oldNames;
    private final Set<String> ignorable;

    private WeightTable(Map<String, ExpectedTensor> expected, OldNames oldNames, Set<String> ignorable) {
        this.expected = expected;
        this.oldNames = oldNames;
        this.ignorable = ignorable;
    }

    /** The table of a configuration. */
    public static WeightTable of(ModelConfig config) {
        Map<String, ExpectedTensor> expected = new LinkedHashMap<>();
        new TableWalk(tensor -> expected.put(tensor.name(), tensor)).walk(config);
        Set<String> copies = config instanceof DecoderConfig decoder && decoder.tiedHead()
                ? Set.of(decoder.head().weight())
                : Set.of();
        return new WeightTable(expected, config.oldNames(), copies);
    }

    /** All tensors, in the order of the forward pass. */
    public Collection<ExpectedTensor> tensors() {
        return Collections.unmodifiableCollection(expected.values());
    }

    /** The tensor of this name. */
    public ExpectedTensor tensor(String name) {
        ExpectedTensor tensor = expected.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("No tensor " + name + " in this architecture");
        }
        return tensor;
    }

    /** Modules that adapters may target, in order: every linear one but the head. */
    public List<ExpectedTensor> linearWeights() {
        return expected.values().stream().filter(ExpectedTensor::isLinear).toList();
    }

    /** Number of weights, tied ones once. */
    public long parameters() {
        return expected.values().stream().mapToLong(ExpectedTensor::elements).sum();
    }

    /** Names in the table and the names under which a file stores them; what is missing or ignorable is left out. */
    public Map<String, String> storedNames(Set<String> stored) {
        Map<String, String> result = new LinkedHashMap<>();
        for (String name : expected.keySet()) {
            oldNames.find(name, stored).ifPresent(found -> result.put(name, found));
        }
        return result;
    }

    /** What is wrong with a checkpoint: keys missing, keys unknown, shapes and types that do not fit; of many the first ones. */
    public List<Problem> check(Map<String, TensorInfo> stored) {
        List<Problem> problems = new ArrayList<>();
        Map<String, String> names = storedNames(stored.keySet());
        for (ExpectedTensor tensor : expected.values()) {
            String name = names.get(tensor.name());
            if (name == null) {
                problems.add(problem("weights_missing_key", tensor.name(), "is missing from the checkpoint"));
                continue;
            }
            TensorInfo info = stored.get(name);
            if (info != null && !info.shape().equals(tensor.shape())) {
                problems.add(problem(
                        "weights_wrong_shape",
                        name,
                        "has shape %s, config.json asks for %s".formatted(info.shape(), tensor.shape())));
            } else if (info != null && !info.type().isFloat()) {
                problems.add(problem("weights_wrong_type", name, "holds %s, not numbers".formatted(info.type())));
            }
        }
        Set<String> unknown = new TreeSet<>(stored.keySet());
        unknown.removeAll(names.values());
        unknown.removeIf(name ->
                ignorable.contains(name) || oldNames.ignorable().matcher(name).matches());
        for (String name : unknown) {
            problems.add(problem("weights_unexpected_key", name, "is not a tensor of this architecture"));
        }
        return told(problems);
    }

    /** A configuration of another model makes every tensor wrong: the first ones say so. */
    private static List<Problem> told(List<Problem> problems) {
        if (problems.size() <= MOST_TOLD) {
            return problems;
        }
        List<Problem> told = new ArrayList<>(problems.subList(0, MOST_TOLD));
        told.add(new Problem(
                "weights_do_not_fit",
                "config.json",
                "%d more tensors do not fit: config.json is perhaps of another model"
                        .formatted(problems.size() - MOST_TOLD)));
        return told;
    }

    private static Problem problem(String code, String name, String fault) {
        return new Problem(code, name, "Tensor %s %s".formatted(name, fault));
    }
}
