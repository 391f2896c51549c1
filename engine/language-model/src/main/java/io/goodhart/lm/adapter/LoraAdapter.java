package io.goodhart.lm.adapter;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.Seeds;
import io.goodhart.domain.SplitMix;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.modelfiles.weights.WeightTable;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A low-rank adapter for some linear modules of a model. Owns its tensors. */
public final class LoraAdapter implements AutoCloseable {
    private static final String PREFIX = "base_model.model.";
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";

    private final LoraSettings settings;
    private final List<ExpectedTensor> targets;
    private final TensorStore store = new TensorStore();
    private final Map<String, LoraPair> pairs = new LinkedHashMap<>();

    private LoraAdapter(LoraSettings settings, List<ExpectedTensor> targets) {
        this.settings = settings;
        this.targets = List.copyOf(targets);
    }

    /** Where the values of an adapter come from. */
    interface Values {
        float[] of(String name, int rows, int columns);
    }

    static LoraAdapter of(LoraSettings settings, List<ExpectedTensor> targets, Values values) {
        LoraAdapter adapter = new LoraAdapter(settings, targets);
        for (ExpectedTensor target : targets) {
            int in = inputs(target);
            int out = outputs(target);
            String down = downName(target.module());
            String up = upName(target.module());
            try (Scope scope = Scope.open()) {
                Tensor downRI = Tensors.of(values.of(down, settings.rank(), in), settings.rank(), in);
                Tensor upOR = Tensors.of(values.of(up, out, settings.rank()), out, settings.rank());
                adapter.pairs.put(
                        target.module(),
                        new LoraPair(adapter.store.add(down, downRI), adapter.store.add(up, upOR), settings.scale()));
            }
        }
        return adapter;
    }

    /**
     * A new adapter as PEFT starts one: A uniform on ±1/√in (Kaiming with a = √5), B zero, so that it changes nothing yet. The
     * values of a module depend on the seed and the module's name only.
     *
     * @throws InvalidInputException naming a target that no module has
     */
    public static LoraAdapter create(WeightTable table, LoraSettings settings, long seed) {
        return of(settings, targets(table, settings), (name, rows, columns) -> {
            float[] values = new float[rows * columns];
            if (name.endsWith(DOWN)) {
                SplitMix random = new SplitMix(Seeds.derive(seed, name));
                double bound = 1 / Math.sqrt(columns);
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (bound * (2 * random.uniform() - 1));
                }
            }
            return values;
        });
    }

    /**
     * The linear modules that the settings name, in the order of the forward pass.
     *
     * @throws InvalidInputException naming a target that no module has
     */
    public static List<ExpectedTensor> targets(WeightTable table, LoraSettings settings) {
        List<ExpectedTensor> linear = table.linearWeights();
        if (settings.targetModules().equals(List.of(LoraSettings.ALL_LINEAR))) {
            return linear;
        }
        List<Problem> problems = new ArrayList<>();
        for (String name : settings.targetModules()) {
            if (linear.stream().noneMatch(tensor -> isCalled(tensor, name))) {
                List<String> known = linear.stream()
                        .map(tensor -> tensor.module().substring(tensor.module().lastIndexOf('.') + 1))
                        .distinct()
                        .toList();
                problems.add(new Problem(
                        "unknown_target_module",
                        "target_modules",
                        "There is no linear module %s; known are %s and %s"
                                .formatted(name, known, LoraSettings.ALL_LINEAR)));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return linear.stream()
                .filter(tensor -> settings.targetModules().stream().anyMatch(name -> isCalled(tensor, name)))
                .toList();
    }

    private static boolean isCalled(ExpectedTensor tensor, String name) {
        return tensor.module().equals(name) || tensor.module().endsWith("." + name);
    }

    static int inputs(ExpectedTensor linear) {
        int axis = linear.kind() == ExpectedTensor.Kind.TRANSPOSED_LINEAR ? 0 : 1;
        return Math.toIntExact(linear.shape().get(axis));
    }

    static int outputs(ExpectedTensor linear) {
        int axis = linear.kind() == ExpectedTensor.Kind.TRANSPOSED_LINEAR ? 1 : 0;
        return Math.toIntExact(linear.shape().get(axis));
    }

    static String downName(String module) {
        return PREFIX + module + DOWN;
    }

    static String upName(String module) {
        return PREFIX + module + UP;
    }

    /** Its shape. */
    public LoraSettings settings() {
        return settings;
    }

    /** The weights it adapts. */
    public List<ExpectedTensor> targets() {
        return targets;
    }

    /** All its tensors by PEFT name; for training, ask each to require a gradient. */
    public Map<String, Tensor> parameters() {
        return Collections.unmodifiableMap(store.asMap());
    }

    /** The pair of a module, if it has one. */
    public @Nullable LoraPair pair(String module) {
        return pairs.get(module);
    }

    /**
     * The adapted weights with the adapter added in, by Hugging Face name and in the layout of the checkpoint. The results
     * belong to the current scope.
     */
    public Map<String, Tensor> merged(Map<String, Tensor> weights) {
        Map<String, Tensor> result = new LinkedHashMap<>();
        for (ExpectedTensor target : targets) {
            Tensor weight = weights.get(target.name());
            LoraPair pair = pairs.get(target.module());
            if (weight == null || pair == null) {
                throw new IllegalArgumentException("No weight " + target.name());
            }
            try (Scope scope = Scope.open()) {
                boolean transposed = target.kind() == ExpectedTensor.Kind.TRANSPOSED_LINEAR;
                Tensor delta = transposed ? pair.weightDelta().transpose(0, 1) : pair.weightDelta();
                result.put(target.name(), scope.keep(weight.plus(delta)));
            }
        }
        return result;
    }

    @Override
    public void close() {
        store.close();
    }
}
