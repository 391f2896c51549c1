package io.goodhart.trainer.execute;

import io.goodhart.domain.Seeds;
import io.goodhart.domain.plan.TaskSpec.Train;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraFiles;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.modelfiles.safetensors.SafetensorsWriter;
import io.goodhart.tensor.Tensor;
import io.goodhart.trainer.artifact.WeightsArchive;
import io.goodhart.trainer.child.TaskContext;
import io.goodhart.trainer.child.TaskFailedException;
import io.goodhart.tuning.model.DecoderTuning;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The model at the start of a training, and the way to write what training has made of it. */
final class TrainingStart implements AutoCloseable {
    private final LoadedModel base;
    private final DecoderTuning tuning;
    private final @Nullable LoraAdapter adapter;
    private final @Nullable LoadedModel copy;

    private TrainingStart(
            LoadedModel base, DecoderTuning tuning, @Nullable LoraAdapter adapter, @Nullable LoadedModel copy) {
        this.base = base;
        this.tuning = tuning;
        this.adapter = adapter;
        this.copy = copy;
    }

    /** A fresh adapter on the cached base model, or a copy of all weights beside it. */
    static TrainingStart of(ModelCache models, Train spec, TaskContext context) {
        LoadedModel base = models.decoder(context.filesRoot(), spec.model());
        if (spec.settings().mode() == TrainingMode.FULL) {
            LoadedModel copy = models.open(context.filesRoot(), spec.model());
            DecoderTuning tuning = DecoderTuning.full(copy.decoder(), Optional.of(base.decoder()));
            return new TrainingStart(base, asPlanned(spec, tuning), null, copy);
        }
        AdapterSpec settings = Optional.ofNullable(spec.settings().adapter()).orElse(AdapterSpec.DEFAULTS);
        if (settings.dropout() != 0) {
            throw TaskFailedException.invalidInput("Adapters have no dropout here, asked was " + settings.dropout());
        }
        LoraAdapter adapter = LoraAdapter.create(
                base.decoder().table(),
                new LoraSettings(settings.rank(), settings.alpha(), settings.useRslora(), settings.targetModules()),
                Seeds.derive(spec.seed(), "adapter"));
        return new TrainingStart(base, asPlanned(spec, DecoderTuning.lora(base.decoder(), adapter)), adapter, null);
    }

    private static DecoderTuning asPlanned(Train spec, DecoderTuning tuning) {
        return spec.computesBlocksTwice() ? tuning.checkpointed() : tuning;
    }

    /** Lets the model as it is now do something that is no training; an adapter is added into a copy of the weights for it. */
    <T> T withPolicy(Function<Policy, T> work) {
        if (adapter == null) {
            return work.apply(new Policy(base, Objects.requireNonNull(copy).decoder()));
        }
        try (Policy merged = new Policy(base, base.decoder().merged(adapter))) {
            return work.apply(merged);
        }
    }

    LoadedModel base() {
        return base;
    }

    DecoderTuning tuning() {
        return tuning;
    }

    /** Numbers that training moves. */
    long parameters() {
        long count = 0;
        for (Tensor tensor : tuning.parameters().values()) {
            long product = 1;
            for (long size : tensor.shape()) {
                product *= size;
            }
            count += product;
        }
        return count;
    }

    /**
     * Writes the weights as they are.
     *
     * @param scratch an empty directory, or none yet
     */
    void write(Path scratch, Path archive) {
        try {
            Files.createDirectories(scratch);
            if (adapter == null) {
                SafetensorsWriter writer = new SafetensorsWriter().metadata("format", "pt");
                for (Map.Entry<String, Tensor> weight : tuning.parameters().entrySet()) {
                    writer.add(
                            weight.getKey(),
                            weight.getValue()::read,
                            weight.getValue().shape());
                }
                writer.writeTo(scratch.resolve(WeightsArchive.FULL));
            } else {
                LoraFiles.save(adapter, scratch, base.revision().path());
            }
            WeightsArchive.pack(scratch, archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        tuning.close();
        DecoderModel cached = base.decoder();
        cached.setAdapter(null);
        if (adapter != null) {
            adapter.close();
        }
        if (copy != null) {
            copy.close();
        }
    }
}
