package io.goodhart.domain.validate;

import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.LabelledTextSpec;
import io.goodhart.domain.spec.ProbeSpec;

/**
 * What an experiment costs whose probes read every token ({@code pooling: per_token}): the activations of all tokens of a task's texts,
 * float32 in the Java heap of a worker's child. Responses count as long as they can be.
 *
 * @param bytes of the task that keeps most; 0 for pooled probes
 * @param fitTokens tokens of the texts that one probe is fitted on, and of those that calibrate it
 * @param width numbers of one token
 */
record KeptTokens(long bytes, long fitTokens, long width) {
    /** Three quarters of a child's heap as it is set unless the operator says otherwise. */
    static final long LIMIT = 768L << 20;

    /** Tokens of a labelled text that are counted: their length is not known before they are read. */
    private static final int LABELLED_TOKENS = 256;

    private static final long FLOAT = 4;

    static KeptTokens of(ExperimentSpec spec, ModelFacts model) {
        ProbeSpec probes = spec.probes();
        if (probes.pooling() != Pooling.PER_TOKEN) {
            return new KeptTokens(0, 0, 0);
        }
        long width = probes.site() == Site.MLP_ACT ? model.dMlp() : model.dModel();
        long perToken = FLOAT * width;
        long ofText = probes.labelledTexts() == null ? spec.probeResponses().maxNewTokens() : LABELLED_TOKENS;
        long ofProbe = ofText * probes.promptsPerProbe() * probes.samples();
        long sampling = perToken * ofProbe * capturedLayers(probes, model);
        long calibrating = ofText * probes.calibration() * (probes.train() + (long) probes.heldOut());
        long fitting = perToken * (2 * ofProbe + calibrating);
        LabelledTextSpec labelled = spec.evaluation().labelledTexts();
        long own = 2L * spec.responses().maxNewTokens() * spec.evaluation().prompts();
        long evaluating = perToken * Math.max(own, labelled == null ? 0 : (long) LABELLED_TOKENS * labelled.examples());
        return new KeptTokens(
                Math.max(sampling, Math.max(fitting, evaluating)), ofProbe + ofText * probes.calibration(), width);
    }

    private static long capturedLayers(ProbeSpec probes, ModelFacts model) {
        if (probes.fixedLayer() != null) {
            return 1;
        }
        return probes.layers() == null ? model.layers() : probes.layers().size();
    }

    /** Beside the heap: what a fit that follows a gradient computes with. */
    long fittingTensors() {
        return TaskMemory.fitting(fitTokens, width);
    }
}
