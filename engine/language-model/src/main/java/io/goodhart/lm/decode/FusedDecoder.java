package io.goodhart.lm.decode;

import io.goodhart.lm.block.KeyValueCache;
import io.goodhart.lm.block.Rotary;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.Rope;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Script;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.TensorStore;
import io.goodhart.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A decoder that computes the next token of every row by one native call, without hooks and without adapter. Its weights are those
 * of the time when it was made.
 */
public final class FusedDecoder implements AutoCloseable {
    /** Rows for which matrices are laid out; other numbers of rows can be computed with them. */
    private static final long ROWS = 64;

    private final DecoderConfig config;
    private final MatrixForm form;
    private final List<Rotary> rotaries;
    private final TensorStore copies = new TensorStore();
    private final List<Tensor> ingredients = new ArrayList<>();
    private final StepSource plain;
    private final Script script;

    /**
     * Of these weights, which must stay open as long.
     *
     * @param rotaries those of the configuration
     */
    public FusedDecoder(DecoderConfig config, Weights weights, Collection<Rotary> rotaries, MatrixForm form) {
        this.config = config;
        this.form = form;
        this.rotaries = List.copyOf(rotaries);
        this.plain = new StepSource(config, ropes(), Set.of(), form);
        this.script = Script.of(plain.source());
        try (Scope scope = Scope.open()) {
            plain.ingredients().forEach(ingredient -> add(ingredient, weights));
        }
    }

    private List<Rope> ropes() {
        return rotaries.stream().map(Rotary::rope).toList();
    }

    private void add(Ingredient ingredient, Weights weights) {
        Tensor tensor = ingredient.from(weights);
        boolean packed = ingredient.isMatrix() && form == MatrixForm.PACKED;
        Tensor used = packed ? script.call("pack").with(tensor).with(ROWS).tensor() : tensor;
        boolean isWeight = weights.asMap().containsValue(used);
        ingredients.add(isWeight ? used : copies.add("w" + ingredients.size(), used));
    }

    /** Bytes of what a step reads. */
    public long bytes() {
        return ingredients.stream().mapToLong(Tensor::elements).sum() * Float.BYTES;
    }

    /** Makes what depends on positions below a bound, after which several threads may step at once that stay below it. */
    public void prepare(int positions) {
        rotaries.forEach(rotary -> rotary.tables(positions));
    }

    /** Steps that also show what is at some points. */
    public Steps at(Set<HookPoint> points) {
        StepSource source = points.isEmpty() ? plain : new StepSource(config, ropes(), points, form);
        return new Steps(source, Script.of(source.source()));
    }

    /** Scores of every vocabulary entry, [B,D] to [B,V]. */
    public Tensor logits(Tensor hiddenBD) {
        return script.call("scores").with(ingredients).with(hiddenBD).tensor();
    }

    @Override
    public void close() {
        copies.close();
    }

    /** Steps of one kind. */
    public final class Steps {
        private final StepSource source;
        private final Script compiled;

        private Steps(StepSource source, Script compiled) {
            this.source = source;
            this.compiled = compiled;
        }

        /** The points in the order in which a step gives what is there. */
        public List<HookPoint> points() {
            return source.shown();
        }

        /**
         * The next token of every row of a cache.
         *
         * @param tokens one id per row
         * @return hidden states [B,D] after the final norm, then what is at each of {@link #points}, [B,...]
         */
        public List<Tensor> step(int[] tokens, KeyValueCache cache) {
            cache.begin(1);
            int[] padding = cache.padding();
            int[] positions = new int[padding.length];
            Arrays.setAll(positions, row -> cache.filled() - padding[row]);
            int largest = Arrays.stream(positions).max().orElse(0);
            List<Tensor> tables = new ArrayList<>();
            rotaries.forEach(rotary -> tables.addAll(rotary.tables(largest)));
            Script.Call call = compiled.call("step")
                    .with(ingredients)
                    .with(cache.layers())
                    .with(tables)
                    .with(cache.mask())
                    .with(Tensors.of(tokens, tokens.length))
                    .with(Tensors.of(positions, positions.length))
                    .with(cache.filled());
            source.windows().forEach(window -> call.with(cache.firstInside(window)));
            List<Tensor> results = call.tensors();
            cache.end();
            return results;
        }
    }
}
