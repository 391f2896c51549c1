package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.spec.TrainingSettings;

/**
 * Peak resident memory of a worker's child process, in bytes: an upper estimate in float32, used to refuse what cannot run.
 *
 * @param fixedBytes runtime, native library and heap
 * @param weightBytes base model and scorer
 * @param trainingBytes trainable weights, gradients, both moments, and the activations of one micro-batch
 * @param generationBytes key and value cache and activations of one generation batch
 */
public record MemoryEstimate(long fixedBytes, long weightBytes, long trainingBytes, long generationBytes) {
    private static final long FLOAT = 4;
    private static final long FIXED = 900L << 20;
    private static final int GENERATION_BATCH = 64;
    private static final int VOCABULARY_CHUNK = 512;

    public static MemoryEstimate of(ExperimentSpec spec, ValidationFacts facts) {
        ModelFacts model = facts.model();
        long training = spec.arms().values().stream()
                .filter(arm -> !(arm instanceof ArmSpec.None))
                .mapToLong(arm -> training(spec, arm, model))
                .max()
                .orElse(0);
        long weights = FLOAT * (model.parameters() + facts.scorer().parameters());
        return new MemoryEstimate(FIXED, weights, training, generation(spec, facts));
    }

    /** Training and generation do not happen at once. */
    public long peakBytes() {
        return fixedBytes + weightBytes + Math.max(trainingBytes, generationBytes);
    }

    private static long training(ExperimentSpec spec, ArmSpec arm, ModelFacts model) {
        TrainingSettings settings = TrainingSettings.of(spec.training().overlaid(arm.training()));
        long trainable = settings.mode() == TrainingMode.FULL
                ? model.parameters()
                : adapterParameters(settings.adapter() == null ? AdapterSpec.DEFAULTS : settings.adapter(), model);
        long sequences = settings.perDeviceTrainBatchSize() * (arm instanceof ArmSpec.Dpo ? 2L : 1L);
        long length = settings.maxLength() == 0 ? model.context() : settings.maxLength();
        long copies =
                settings.mode() == TrainingMode.FULL ? 3 : 4; // full: the weights themselves are counted elsewhere
        return FLOAT * copies * trainable + activations(model, sequences, Math.min(length, model.context()));
    }

    private static long adapterParameters(AdapterSpec adapter, ModelFacts model) {
        long attention = 4L * (model.dModel() + (long) model.heads() * model.dHead());
        long mlp = 3L * (model.dModel() + model.dMlp());
        return (long) model.layers() * adapter.rank() * (attention + mlp);
    }

    /** What autograd keeps of a block, per token: about 14 D + 4 F floats and H·T attention probabilities. */
    private static long activations(ModelFacts model, long sequences, long length) {
        long perToken =
                14L * model.dModel() + 4L * model.dMlp() + 4L * model.heads() * model.dHead() + model.heads() * length;
        long logits = 4L * VOCABULARY_CHUNK * model.vocabulary();
        return FLOAT * (sequences * length * model.layers() * perToken + logits);
    }

    private static long generation(ExperimentSpec spec, ValidationFacts facts) {
        ModelFacts model = facts.model();
        long length = (long) facts.prompts().longestTokens() + spec.responses().maxNewTokens();
        long cache = 2L * model.layers() * model.keyValueHeads() * model.dHead() * length * GENERATION_BATCH;
        long block = GENERATION_BATCH * length * (8L * model.dModel() + 3L * model.dMlp());
        return FLOAT * (cache + block + 3L * GENERATION_BATCH * model.vocabulary());
    }
}
