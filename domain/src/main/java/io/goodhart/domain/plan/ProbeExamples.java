package io.goodhart.domain.plan;

import java.util.Map;

/**
 * What one probe is fitted and calibrated on: sampled responses with the scorer's scores, or labelled texts with their labels as scores.
 *
 * @param responses the texts
 * @param scores their scores
 * @param activations what the model at hand reads of them
 */
record ProbeExamples(OutputRef responses, OutputRef scores, OutputRef activations) {
    void putInto(Map<String, OutputRef> inputs, int probe) {
        inputs.put("responses." + probe, responses);
        inputs.put("activations." + probe, activations);
        inputs.put("scores." + probe, scores);
    }
}
