package io.goodhart.modelfiles.weights;

import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.config.Gemma3Config;
import io.goodhart.modelfiles.config.Gpt2Config;
import io.goodhart.modelfiles.config.LlamaConfig;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.RobertaClassifierConfig;
import io.goodhart.modelfiles.safetensors.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which tensors a checkpoint of a configuration must hold, by Hugging Face name. */
public final class WeightTable {
    private final Map<String, ExpectedTensor> expected = new LinkedHashMap<>();
    private final String optionalPrefix;
    private final Pattern ignorable;

    /**
     * Makes one.
     *
     * @param optionalPrefix what old checkpoints leave out in front of every name; may be empty
     * @param ignorable names of buffers that old checkpoints carry and nobody needs
     */
    WeightTable(String optionalPrefix, Pattern ignorable) {
        this.optionalPrefix = optionalPrefix;
        this.ignorable = ignorable;
    }

    /** The table of a configuration. */
    public static WeightTable of(ModelConfig config) {
        return switch (config) {
            case Gpt2Config gpt2 -> DecoderTables.gpt2(gpt2);
            case Gemma3Config gemma3 -> DecoderTables.gemma3(gemma3);
            case LlamaConfig llama -> DecoderTables.llama(llama);
            case RobertaClassifierConfig roberta -> ClassifierTables.roberta(roberta);
        };
    }

    WeightTable plain(String name, long... shape) {
        return add(name, ExpectedTensor.Kind.PLAIN, shape);
    }

    WeightTable layerNorm(String module, long size) {
        return plain(module + ".weight", size).plain(module + ".bias", size);
    }

    WeightTable linear(String module, long out, long in, Bias bias) {
        add(module + ".weight", ExpectedTensor.Kind.LINEAR, out, in);
        return bias == Bias.PRESENT ? plain(module + ".bias", out) : this;
    }

    WeightTable transposedLinear(String module, long in, long out) {
        return add(module + ".weight", ExpectedTensor.Kind.TRANSPOSED_LINEAR, in, out)
                .plain(module + ".bias", out);
    }

    WeightTable head(String name, long vocabulary, long dModel) {
        return add(name, ExpectedTensor.Kind.HEAD, vocabulary, dModel);
    }

    private WeightTable add(String name, ExpectedTensor.Kind kind, long... shape) {
        expected.put(name, new ExpectedTensor(name, Arrays.stream(shape).boxed().toList(), kind));
        return this;
    }

    /** Whether a linear module has a bias. */
    enum Bias {
        PRESENT,
        ABSENT;

        static Bias when(boolean present) {
            return present ? PRESENT : ABSENT;
        }
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
            if (stored.contains(name)) {
                result.put(name, name);
            } else if (name.startsWith(optionalPrefix) && stored.contains(name.substring(optionalPrefix.length()))) {
                result.put(name, name.substring(optionalPrefix.length()));
            }
        }
        return result;
    }

    /** Everything that is wrong with a checkpoint: keys missing, keys unknown, shapes and types that do not fit. */
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
        unknown.removeIf(name -> ignorable.matcher(name).matches());
        for (String name : unknown) {
            problems.add(problem("weights_unexpected_key", name, "is not a tensor of this architecture"));
        }
        return problems;
    }

    private static Problem problem(String code, String name, String fault) {
        return new Problem(code, name, "Tensor %s %s".formatted(name, fault));
    }
}
