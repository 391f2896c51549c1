package io.goodhart.probeservice.oip;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.probing.Activations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request for inference, read and checked.
 *
 * @param id echoed in the answer
 * @param activations rows [N,D], finite
 * @param outputs what is asked for, in order
 * @param aggregation how a text's score is made of its tokens'; null: as the probe was fitted
 */
record InferRequest(
        @Nullable String id,
        Activations activations,
        List<RequestedOutput> outputs,
        @Nullable Aggregation aggregation) {
    InferRequest {
        outputs = List.copyOf(outputs);
    }

    /**
     * One output that is asked for.
     *
     * @param binary whether its values come behind the JSON
     */
    record RequestedOutput(Output output, boolean binary) {}
}
