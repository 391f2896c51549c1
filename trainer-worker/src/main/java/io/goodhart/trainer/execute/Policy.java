package io.goodhart.trainer.execute;

import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraFiles;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.tokenize.Tokenizer;
import io.goodhart.trainer.artifact.WeightsArchive;
import io.goodhart.trainer.child.TaskContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The model that a task is about: the base model, or what a training made of it.
 *
 * @param base the untrained model, which stays open
 * @param decoder what computes
 */
record Policy(LoadedModel base, DecoderModel decoder) implements AutoCloseable {
    /** The base model with the input {@code weights}, if there is one. An adapter is added into the weights. */
    static Policy of(LoadedModel base, TaskContext context) {
        Optional<Path> weights = context.optionalInput("weights");
        if (weights.isEmpty()) {
            return new Policy(base, base.decoder());
        }
        Path directory = context.work().resolve("weights");
        WeightsArchive.unpack(weights.get(), directory);
        try {
            if (Files.exists(directory.resolve(LoraFiles.CONFIG))) {
                try (LoraAdapter adapter =
                        LoraFiles.load(directory, base.decoder().table())) {
                    return new Policy(base, base.decoder().merged(adapter));
                }
            }
            for (String name : new String[] {"config.json", "generation_config.json", Tokenizer.FILE}) {
                if (Files.exists(base.directory().resolve(name))) {
                    Files.copy(base.directory().resolve(name), directory.resolve(name));
                }
            }
            return new Policy(base, DecoderModel.load(directory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this is the untrained model. */
    boolean isBase() {
        return decoder == base.decoder();
    }

    @Override
    public void close() {
        if (!isBase()) {
            decoder.close();
        }
    }
}
