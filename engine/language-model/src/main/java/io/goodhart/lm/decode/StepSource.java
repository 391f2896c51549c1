package io.goodhart.lm.decode;

import io.goodhart.domain.model.Site;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.NormLayout;
import io.goodhart.modelfiles.config.Rope;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes one decoding step of an architecture as TorchScript: {@code step} takes the ingredients, keys and values of every layer in
 * turn, the tables of every rotary, the mask of unused places if there are any, token ids and positions [B], the place that the
 * tokens take, and for each window the first place inside it. It gives the hidden states [B,D] behind the final norm, then what
 * is at each point. {@code scores} is the projection to the vocabulary.
 *
 * <p>Blocks are those of {@code io.goodhart.lm.block}, written for one token per row.
 */
final class StepSource {
    private final DecoderConfig config;
    /** Whose tables {@code r} are. */
    private final List<Rope> ropes;

    private final Set<HookPoint> points;
    private final List<HookPoint> shown = new ArrayList<>();
    private final ScriptText text = new ScriptText();
    private final LinearText linears;
    private final List<Ingredient> ingredients = new ArrayList<>();
    private final List<Integer> windows = new ArrayList<>();
    private final String source;

    StepSource(DecoderConfig config, List<Rope> ropes, Set<HookPoint> points, MatrixForm form) {
        this.config = config;
        this.ropes = List.copyOf(ropes);
        this.points = Set.copyOf(points);
        this.linears = new LinearText(form, text, this::place);
        config.blocks().stream()
                .map(block -> block.attention().scores().window())
                .distinct()
                .forEach(windows::add);
        writeStep();
        writeScores();
        this.source = ScriptText.resource("attend.py") + text;
    }

    String source() {
        return source;
    }

    /** What {@code w} is. */
    List<Ingredient> ingredients() {
        return List.copyOf(ingredients);
    }

    /** The points in the order in which a step gives what is there. */
    List<HookPoint> shown() {
        return List.copyOf(shown);
    }

    /** Whose first places are the last arguments. */
    List<Integer> windows() {
        return List.copyOf(windows);
    }

    /** {@code w[i]} for an ingredient, which is added unless it is there. */
    private String place(Ingredient ingredient) {
        if (!ingredients.contains(ingredient)) {
            ingredients.add(ingredient);
        }
        return "w[%s]".formatted(ingredients.indexOf(ingredient));
    }

    private void writeStep() {
        StringBuilder starts = new StringBuilder();
        windows.forEach(window -> starts.append(", from%s: int".formatted(window)));
        text.line(
                1,
                ("def step(self: __torch__.M, w: List[Tensor], c: List[Tensor], r: List[Tensor], m: List[Tensor],"
                                + " tokens: Tensor, positions: Tensor, at: int%s) -> List[Tensor]:")
                        .formatted(starts));
        text.set("to", "torch.add(at, 1)");
        text.set("none", "annotate(List[Optional[number]], [])");
        text.set("found", "annotate(List[Tensor], [])");
        embed();
        for (int rope = 0; rope < ropes.size(); rope++) {
            text.set("cos" + rope, "torch.unsqueeze(torch.embedding(r[%s], positions), 1)".formatted(2 * rope));
            text.set("sin" + rope, "torch.unsqueeze(torch.embedding(r[%s], positions), 1)".formatted(2 * rope + 1));
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            block(config.blocks().get(layer), layer);
        }
        text.set("x", norm(config.finalNorm(), "x"));
        seen(Site.FINAL_NORM, 0, "x");
        text.set("all", "torch.add([x], found)");
        text.line(2, "return all");
    }

    private void embed() {
        DecoderConfig.Embedding embedding = config.embedding();
        text.set("x", "torch.embedding(%s, tokens)".formatted(place(new Ingredient.Stored(embedding.tokens()))));
        if (embedding.scale() != 1) {
            text.set("x", "torch.mul(x, %s)".formatted(embedding.scale()));
        }
        if (embedding.positions() != null) {
            text.set(
                    "x",
                    "torch.add(x, torch.embedding(%s, positions))"
                            .formatted(place(new Ingredient.Stored(embedding.positions()))));
        }
    }

    private void writeScores() {
        text.line(1, "def scores(self: __torch__.M, w: List[Tensor], x: Tensor) -> Tensor:");
        text.set("none", "annotate(List[Optional[number]], [])");
        String head =
                config.tiedHead() ? config.embedding().tokens() : config.head().weight();
        text.set("z", linears.product(place(new Ingredient.Head(head)), "None", "x"));
        double cap = config.head().softcap();
        if (cap != 0) {
            text.set("z", "torch.mul(torch.tanh(torch.div(z, %s)), %s)".formatted(cap, cap));
        }
        text.line(2, "return z");
    }

    private void block(BlockLayout block, int layer) {
        seen(Site.RESID_PRE, layer, "x");
        attention(block.attention(), layer, normed(block.attentionNorm(), "x"));
        seen(Site.ATTN_OUT, layer, "y");
        text.set("sum", "torch.add(x, %s)".formatted(normed(block.afterAttention(), "y")));
        boolean sequential = block.residual() == BlockLayout.Residual.SEQUENTIAL;
        if (sequential) {
            seen(Site.RESID_MID, layer, "sum");
        }
        mlp(block.mlp(), layer, normed(block.mlpNorm(), sequential ? "sum" : "x"));
        seen(Site.MLP_OUT, layer, "y");
        text.set("x", "torch.add(sum, %s)".formatted(normed(block.afterMlp(), "y")));
        seen(Site.RESID_POST, layer, "x");
    }

    private void seen(Site site, int layer, String name) {
        HookPoint point = new HookPoint(site, layer);
        if (points.contains(point)) {
            shown.add(point);
            text.set("_0", "torch.append(found, %s)".formatted(name));
        }
    }

    private String normed(@Nullable NormLayout layout, String x) {
        return layout == null ? x : norm(layout, x);
    }

    private String norm(NormLayout layout, String x) {
        String weight = place(new Ingredient.NormWeight(layout));
        return switch (layout.kind()) {
            case LAYER ->
                "torch.layer_norm(%s, [%s], %s, %s, %s)"
                        .formatted(
                                x,
                                layout.size(),
                                weight,
                                place(new Ingredient.Stored(layout.name() + ".bias")),
                                layout.epsilon());
            case ROOT_MEAN_SQUARE, SHIFTED_ROOT_MEAN_SQUARE ->
                "(self).rms_norm(%s, %s, %s, %s, )".formatted(x, weight, 1.0 / layout.size(), layout.epsilon());
        };
    }

    /** Sets {@code y} to the attention of the input. */
    private void attention(AttentionLayout layout, int layer, String input) {
        text.set("x1", input);
        project(layout.projection());
        int groups = config.sizes().keyValueHeads();
        int dHead = config.sizes().dHead();
        place(layout, layout.queryNorm(), "q", config.sizes().heads());
        place(layout, layout.keyNorm(), "k", groups);
        text.set("_0", "torch.copy_(torch.select(c[%s], 2, at), k)".formatted(2 * layer));
        text.set(
                "_0",
                "torch.copy_(torch.select(c[%s], 2, at), torch.reshape(v, [-1, %s, %s]))"
                        .formatted(2 * layer + 1, groups, dHead));
        Scores scores = layout.scores();
        text.set(
                "q",
                "torch.reshape(q, [-1, %s, %s, %s])"
                        .formatted(groups, config.sizes().heads() / groups, dHead));
        text.set(
                "y",
                "(self).%s(q, c[%s], c[%s], m, from%s, to, %s, )"
                        .formatted(
                                scores.softcap() == 0 ? "attend" : "attend_capped",
                                2 * layer,
                                2 * layer + 1,
                                scores.window(),
                                scores.softcap() == 0
                                        ? scores.scale()
                                        : scores.scale() / scores.softcap() + ", " + scores.softcap()));
        linears.set(
                "y",
                layout.output(),
                "torch.reshape(y, [-1, %s])".formatted(config.sizes().queries()));
    }

    /** Sets {@code q}, {@code k} and {@code v}. */
    private void project(AttentionLayout.Projection projection) {
        long queries = config.sizes().queries();
        long keys = config.sizes().keys();
        switch (projection) {
            case AttentionLayout.Projection.Separate(LinearLayout query, LinearLayout key, LinearLayout value) ->
                linears.set(List.of("q", "k", "v"), List.of(query, key, value), "x1");
            case AttentionLayout.Projection.Fused(LinearLayout all) -> {
                linears.set("all", all, "x1");
                text.set("q", "torch.slice(all, 1, 0, %s)".formatted(queries));
                text.set("k", "torch.slice(all, 1, %s, %s)".formatted(queries, queries + keys));
                text.set("v", "torch.slice(all, 1, %s, %s)".formatted(queries + keys, queries + 2 * keys));
            }
            case AttentionLayout.Projection.FusedByHead(LinearLayout all) -> {
                linears.set("all", all, "x1");
                text.set(
                        "byHead",
                        "torch.reshape(all, [-1, %s, 3, %s])"
                                .formatted(
                                        config.sizes().heads(), config.sizes().dHead()));
                text.set("q", "torch.reshape(torch.select(byHead, 2, 0), [-1, %s])".formatted(queries));
                text.set("k", "torch.reshape(torch.select(byHead, 2, 1), [-1, %s])".formatted(queries));
                text.set("v", "torch.reshape(torch.select(byHead, 2, 2), [-1, %s])".formatted(queries));
            }
        }
    }

    /** Norm and rotation of queries or keys; [B,H·K] becomes [B,H,K]. */
    private void place(AttentionLayout layout, @Nullable NormLayout norm, String name, int heads) {
        int dHead = config.sizes().dHead();
        String split = "torch.reshape(%s, [-1, " + heads + ", " + dHead + "])";
        if (norm != null && norm.size() != dHead) {
            text.set(name, norm(norm, name));
        }
        text.set(name, split.formatted(name));
        if (norm != null && norm.size() == dHead) {
            text.set(name, norm(norm, name));
        }
        Rope rope = layout.rope();
        if (rope == null) {
            return;
        }
        int index = ropes.indexOf(rope);
        int half = rope.dims() / 2;
        if (rope.dims() == dHead) {
            text.set(name, "(self).turned(%s, cos%s, sin%s, %s, )".formatted(name, index, index, half));
            return;
        }
        text.set(
                "head",
                "(self).turned(torch.slice(%s, 2, 0, %s), cos%s, sin%s, %s, )"
                        .formatted(name, rope.dims(), index, index, half));
        text.set(name, "torch.cat([head, torch.slice(%s, 2, %s)], 2)".formatted(name, rope.dims()));
    }

    /** Sets {@code y} to the output of the MLP. */
    private void mlp(MlpLayout layout, int layer, String input) {
        text.set("x1", input);
        switch (layout.input()) {
            case MlpLayout.Input.Plain(LinearLayout up) -> linears.setActivated("u", up, layout.activation(), "x1");
            case MlpLayout.Input.Gated(LinearLayout gate, LinearLayout up) -> {
                linears.set(List.of("g", "u"), List.of(gate, up), "x1");
                text.set("u", "torch.mul_(%s, u)".formatted(LinearText.activation(layout.activation(), "g")));
            }
            case MlpLayout.Input.FusedGate(LinearLayout gateUp) -> {
                linears.set("all", gateUp, "x1");
                int f = gateUp.out() / 2;
                text.set("g", "torch.slice(all, 1, 0, %s)".formatted(f));
                text.set("u", "torch.slice(all, 1, %s)".formatted(f));
                text.set("u", "torch.mul_(%s, u)".formatted(LinearText.activation(layout.activation(), "g")));
            }
        }
        seen(Site.MLP_ACT, layer, "u");
        linears.set("y", layout.down(), "u");
    }
}
