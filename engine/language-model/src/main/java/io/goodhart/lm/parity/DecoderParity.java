package io.goodhart.lm.parity;

import io.goodhart.domain.model.Site;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.CompletionBatch;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.ForwardResult;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What a causal language model has to agree in. */
final class DecoderParity {
    private final DecoderModel model;
    private final ReferenceValues reference;
    private final Differences differences;

    DecoderParity(DecoderModel model, ReferenceValues reference) {
        this.model = model;
        this.reference = reference;
        this.differences = new Differences(reference);
    }

    List<ParityRow> rows() {
        sites();
        for (String side : List.of("right", "left")) {
            if (reference.has(side + ".logits")) {
                logits(side + ".logits", side, Hooks.none());
            }
        }
        completions();
        new InterventionParity(reference, this::logits).run();
        loss();
        new GenerationParity(model, reference, differences).run();
        return differences.rows();
    }

    private void logits(String name, String side, Hooks hooks) {
        try (Scope scope = Scope.open()) {
            Tensor hidden = model.forward(batch(side), hooks).hiddenBTD();
            differences.atTokens(name, model.logits(hidden), side);
        }
    }

    private TokenBatch batch(String side) {
        List<int[]> rows = tokens(reference, model, side);
        return side.equals("left") ? TokenBatch.leftPadded(rows) : TokenBatch.rightPadded(rows);
    }

    /** The tokens of a batch, none of which the model may lack. */
    static List<int[]> tokens(ReferenceValues reference, DecoderModel model, String side) {
        List<int[]> rows = reference.atTokens(side, "input_ids");
        int vocabulary = model.config().vocabulary();
        if (rows.stream().flatMapToInt(Arrays::stream).anyMatch(id -> id < 0 || id >= vocabulary)) {
            throw ReferenceValues.invalid(side + ".input_ids", "has a token outside the vocabulary of " + vocabulary);
        }
        return rows;
    }

    private void sites() {
        Map<String, HookPoint> points = points();
        points.keySet().removeIf(name -> !reference.has(name));
        if (points.isEmpty()) {
            return;
        }
        try (Scope scope = Scope.open()) {
            ForwardResult result = model.forward(batch("right"), Hooks.capturing(points.values()));
            points.forEach((name, point) -> differences.atTokens(name, result.at(point), "right"));
        }
    }

    /** Names of expected tensors in the order of the forward pass, and where they are. */
    private Map<String, HookPoint> points() {
        Map<String, HookPoint> points = new LinkedHashMap<>();
        points.put("hidden.0", new HookPoint(Site.RESID_PRE, 0));
        for (int layer = 0; layer < model.config().layers(); layer++) {
            for (Site site : List.of(Site.ATTN_OUT, Site.RESID_MID, Site.MLP_ACT, Site.MLP_OUT)) {
                HookPoint point = new HookPoint(site, layer);
                points.put(point.toString(), point);
            }
            points.put("hidden." + (layer + 1), new HookPoint(Site.RESID_POST, layer));
        }
        points.put("hidden.final_norm", HookPoint.finalNorm());
        return points;
    }

    private void completions() {
        List<int[]> prompts = new ArrayList<>();
        List<int[]> completions = new ArrayList<>();
        for (JsonNode completion : reference.json().path("completion_logprobs")) {
            prompts.add(ReferenceValues.ints(completion.path("prompt_ids")));
            completions.add(ReferenceValues.ints(completion.path("completion_ids")));
        }
        if (prompts.isEmpty()) {
            return;
        }
        float[] expected =
                new float[completions.stream().mapToInt(ids -> ids.length).sum()];
        int from = 0;
        for (int i = 0; i < prompts.size(); i++) {
            float[] ofOne = reference.floats("completion_logprobs." + i);
            System.arraycopy(ofOne, 0, expected, from, ofOne.length);
            from += ofOne.length;
        }
        try (Scope scope = Scope.open()) {
            CompletionBatch batch = CompletionBatch.of(prompts, completions);
            float[] actual = batch.logProbsN(model, Hooks.none()).toFloats();
            differences.everywhere("completion_logprobs", actual, expected);
        }
    }

    /** The mean over all tokens but the first of each row, and its gradients. */
    private void loss() {
        if (!reference.has("ce_loss")) {
            return;
        }
        Map<String, Tensor> wanted = new LinkedHashMap<>();
        for (String name : reference.names("grad.")) {
            Tensor parameter = model.parameters().get(name.substring("grad.".length()));
            if (parameter == null) {
                throw ReferenceValues.invalid(name, "is no parameter of the model");
            }
            wanted.put(name, parameter.requireGradient());
        }
        try (Scope scope = Scope.open();
                Autograd.Mode recording = wanted.isEmpty() ? Autograd.paused() : Autograd.recording()) {
            Tensor loss = nextTokens(batch("right"))
                    .logProbsN(model, Hooks.none())
                    .mean()
                    .negated();
            differences.plain("ce_loss", loss.toFloats());
            if (!wanted.isEmpty()) {
                Autograd.backward(loss);
            }
        }
        try (Scope scope = Scope.open()) {
            wanted.forEach((name, parameter) -> differences.overLargest(name, gradient(name, parameter)));
        }
    }

    private static Tensor gradient(String name, Tensor parameter) {
        Tensor gradient = parameter.gradient();
        if (gradient == null) {
            throw new IllegalStateException("No gradient has reached " + name);
        }
        return gradient;
    }

    private static CompletionBatch nextTokens(TokenBatch batch) {
        List<int[]> firsts = new ArrayList<>();
        List<int[]> others = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            int[] rest = new int[batch.length(row) - 1];
            for (int i = 0; i < rest.length; i++) {
                rest[i] = batch.token(row, i + 1);
            }
            firsts.add(new int[] {batch.token(row, 0)});
            others.add(rest);
        }
        return CompletionBatch.of(firsts, others);
    }
}
