package io.goodhart.lm.adapter;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.safetensors.SafetensorsFile;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.modelfiles.weights.ExpectedTensor;
import io.goodhart.modelfiles.weights.WeightTable;
import io.goodhart.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Adapters in the files of PEFT: adapter_config.json and adapter_model.safetensors. */
public final class LoraFiles {
    /** The adapter's settings. */
    public static final String CONFIG = PeftConfig.FILE;
    /** The adapter's tensors. */
    public static final String WEIGHTS = "adapter_model.safetensors";

    private LoraFiles() {}

    /**
     * Loads an adapter for a model.
     *
     * @throws InvalidInputException naming the setting or tensor that is missing, unknown, mis-shaped or not supported
     */
    public static LoraAdapter load(Path directory, WeightTable table) throws IOException {
        PeftConfig config = PeftConfig.read(directory);
        try (SafetensorsFile file = SafetensorsFile.open(directory.resolve(WEIGHTS))) {
            LoraSettings settings = config.settings(adapted(file, table));
            List<ExpectedTensor> targets = LoraAdapter.targets(table, settings);
            checkNames(file.names(), targets);
            return LoraAdapter.of(settings, targets, (name, rows, columns) -> {
                if (!file.info(name).shape().equals(List.of((long) rows, (long) columns))) {
                    throw PeftConfig.refuse(
                            name,
                            "has shape %s, the model asks for [%d, %d]"
                                    .formatted(file.info(name).shape(), rows, columns));
                }
                if (!file.info(name).type().isFloat()) {
                    throw PeftConfig.refuse(
                            name,
                            "holds %s, not numbers".formatted(file.info(name).type()));
                }
                float[] values = new float[rows * columns];
                file.readFinite(name, 0, values);
                return values;
            });
        }
    }

    private static List<String> adapted(SafetensorsFile file, WeightTable table) {
        return table.linearWeights().stream()
                .map(ExpectedTensor::module)
                .filter(module -> file.contains(LoraAdapter.downName(module)))
                .toList();
    }

    private static void checkNames(Set<String> stored, List<ExpectedTensor> targets) {
        Set<String> unknown = new TreeSet<>(stored);
        for (ExpectedTensor target : targets) {
            for (String name : List.of(LoraAdapter.downName(target.module()), LoraAdapter.upName(target.module()))) {
                if (!unknown.remove(name)) {
                    throw PeftConfig.refuse(name, "is missing from " + WEIGHTS);
                }
            }
        }
        if (!unknown.isEmpty()) {
            throw PeftConfig.refuse(String.join(", ", unknown), "is not a tensor of this adapter");
        }
    }

    /**
     * Writes an adapter.
     *
     * @param baseModel what PEFT shall say the adapter belongs to
     */
    public static void save(LoraAdapter adapter, Path directory, String baseModel) throws IOException {
        Files.createDirectories(directory);
        SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
        for (Map.Entry<String, Tensor> parameter : adapter.parameters().entrySet()) {
            writer.add(
                    parameter.getKey(),
                    parameter.getValue()::read,
                    parameter.getValue().shape());
        }
        writer.writeTo(directory.resolve(WEIGHTS));
        PeftConfig.write(adapter, directory, baseModel);
    }
}
