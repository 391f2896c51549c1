package io.goodhart.lm.parity;

import io.goodhart.domain.model.Site;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import tools.jackson.databind.JsonNode;

/** Interventions on the right-padded batch: neurons silenced or clamped, a vector added to the residual stream. */
final class InterventionParity {
    /** Compares the logits of a batch under hooks. */
    interface Logits {
        void compare(String name, String side, Hooks hooks);
    }

    private final ReferenceValues reference;
    private final Logits logits;
    private final JsonNode json;

    InterventionParity(ReferenceValues reference, Logits logits) {
        this.reference = reference;
        this.logits = logits;
        this.json = reference.json().path("interventions");
    }

    void run() {
        if (json.isMissingNode() || !reference.has("intervention.vector")) {
            return;
        }
        int layer = json.path("layer").asInt();
        int width = json.path("mlp_width").asInt();
        HookPoint neurons = new HookPoint(Site.MLP_ACT, layer);
        HookPoint residual = new HookPoint(Site.RESID_POST, layer);
        try (Scope scope = Scope.open()) {
            Tensor silenced = Tensors.of(silenced(width), 1, 1, width);
            compare("zero_neurons", Hooks.none().edit(neurons, x -> x.maskedFill(silenced, 0)));
            Tensor clamp = clamped(width);
            Tensor values = Tensors.of(values(width), 1, 1, width);
            compare(
                    "clamp_last",
                    Hooks.none().edit(neurons, x -> values.expand(x.shape()).where(clamp, x)));
            Tensor vector = Tensors.of(reference.floats("intervention.vector"));
            compare("add_to_residual", Hooks.none().edit(residual, x -> x.plus(vector)));
        }
    }

    private void compare(String name, Hooks hooks) {
        String tensor = "intervention.%s.logits".formatted(name);
        if (reference.has(tensor)) {
            logits.compare(tensor, "right", hooks);
        }
    }

    private boolean[] silenced(int width) {
        boolean[] silenced = new boolean[width];
        for (int neuron : ReferenceValues.ints(json.path("zero_neurons").path("neurons"))) {
            silenced[neuron] = true;
        }
        return silenced;
    }

    private Tensor clamped(int width) {
        JsonNode clamp = json.path("clamp_last");
        int[] positions = ReferenceValues.ints(clamp.path("positions"));
        int length = (int) reference.shape("right.input_ids")[1];
        boolean[] mask = new boolean[positions.length * length * width];
        for (int row = 0; row < positions.length; row++) {
            for (int neuron : ReferenceValues.ints(clamp.path("neurons"))) {
                mask[(row * length + positions[row]) * width + neuron] = true;
            }
        }
        return Tensors.of(mask, positions.length, length, width);
    }

    private float[] values(int width) {
        int[] neurons = ReferenceValues.ints(json.path("clamp_last").path("neurons"));
        float[] clamped = reference.floats("intervention.clamp_values");
        float[] values = new float[width];
        for (int i = 0; i < neurons.length; i++) {
            values[neurons[i]] = clamped[i];
        }
        return values;
    }
}
