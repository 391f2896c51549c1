package io.goodhart.lm.model;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.Site;
import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.block.AttentionMasks;
import io.goodhart.lm.block.AttentionPattern;
import io.goodhart.lm.block.Block;
import io.goodhart.lm.block.KeyValueCache;
import io.goodhart.lm.block.Modules;
import io.goodhart.lm.block.Pass;
import io.goodhart.lm.block.Rotary;
import io.goodhart.lm.decode.FusedDecoder;
import io.goodhart.lm.decode.MatrixForm;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.Checkpoint;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.weights.WeightTable;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tensor.VocabularyHead;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A causal language model in float32: token ids to hidden states, and hidden states to scores where somebody asks. The same
 * code reads, generates and trains (under {@link Autograd#recording}). For one compute thread at a time.
 */
public final class DecoderModel implements AutoCloseable {
    private final DecoderConfig config;
    private final WeightTable table;
    private final Weights weights;
    private final Parts parts;
    private final AdapterSlot adapters = new AdapterSlot();

    private DecoderModel(DecoderConfig config, WeightTable table, Weights weights) {
        this.config = config;
        this.table = table;
        this.weights = weights;
        this.parts = Parts.of(config, new Modules(weights, adapters));
    }

    /**
     * Loads a Hugging Face directory; a tokenizer need not be there.
     *
     * @throws InvalidInputException with every problem, each naming the file or tensor it is about
     */
    public static DecoderModel load(Path directory) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(directory)) {
            if (checkpoint.config() instanceof DecoderConfig decoder) {
                return new DecoderModel(decoder, checkpoint.table(), Weights.load(checkpoint));
            }
            throw new InvalidInputException(new Problem(
                    "model_not_a_language_model",
                    "config.json/architectures",
                    "%s is a %s classifier, not a language model"
                            .formatted(
                                    directory.getFileName(), checkpoint.config().family())));
        }
    }

    /** The architecture. */
    public DecoderConfig config() {
        return config;
    }

    /** The tensors it has; adapters are made from it. */
    public WeightTable table() {
        return table;
    }

    /** All weights by Hugging Face name, in the checkpoint's layout; for full fine-tuning, ask each to require a gradient. */
    public Map<String, Tensor> parameters() {
        return weights.asMap();
    }

    /** Computes with this adapter from now on, or with none. The adapter stays the caller's to close. */
    public void setAdapter(@Nullable LoraAdapter adapter) {
        adapters.set(adapter);
    }

    /** The adapter that is set. */
    public @Nullable LoraAdapter adapter() {
        return adapters.get();
    }

    /** Computes without the adapter until the result is closed: the reference policy of DPO. */
    public AdapterSlot.Off withoutAdapter() {
        return adapters.switchOff();
    }

    /**
     * A model with an adapter's effect added into its weights: as fast as without adapter. Unadapted weights are shared, so
     * this model must stay open as long as the result; later changes of the adapter do not reach it.
     */
    public DecoderModel merged(LoraAdapter adapter) {
        try (Scope scope = Scope.open();
                Autograd.Mode paused = Autograd.paused()) {
            return new DecoderModel(config, table, weights.with(adapter.merged(weights.asMap())));
        }
    }

    /** Every token of a batch through all blocks. The results belong to the current scope. */
    public ForwardResult forward(TokenBatch batch, Hooks hooks) {
        try (Scope scope = Scope.open()) {
            Pass pass = pass(batch, hooks);
            return keep(scope, end(run(embed(batch, pass), pass, parts.blocks().size()), pass));
        }
    }

    /**
     * The same with gradient checkpointing: while recording only what stands between the blocks is kept, and the backward pass computes
     * each block a second time. It has the same values and gradients bit by bit, and needs the adapter that is set now.
     *
     * @param hooks act behind blocks and behind the final norm; what they keep is closed by the backward pass
     * @return the results, which belong to the current scope with all that the blocks share
     */
    public ForwardResult forwardCheckpointed(TokenBatch batch, Hooks hooks) {
        for (HookPoint point : hooks.points()) {
            if (point.site() != Site.RESID_POST && point.site() != Site.FINAL_NORM) {
                throw new IllegalArgumentException("A checkpointed block cannot be watched at " + point);
            }
        }
        Pass pass = pass(batch, hooks);
        Pass inside = pass.unwatched();
        Tensor hiddenBTD = embed(batch, pass);
        for (int i = 0; i < parts.blocks().size(); i++) {
            int layer = i;
            Block block = parts.blocks().get(layer);
            Tensor afterBTD = Autograd.checkpointed(hiddenBTD, xBTD -> block.apply(xBTD, layer, inside));
            hiddenBTD = pass.at(Site.RESID_POST, layer, afterBTD);
        }
        return end(hiddenBTD, pass);
    }

    private ForwardResult end(Tensor hiddenBTD, Pass pass) {
        Tensor normedBTD = pass.at(Site.FINAL_NORM, 0, parts.finalNorm().apply(hiddenBTD));
        return new ForwardResult(normedBTD, pass.captured());
    }

    /**
     * Every token of a batch through as many blocks as the hooks need.
     *
     * @return what the hooks have kept; it belongs to the current scope
     */
    public Map<HookPoint, Tensor> capture(TokenBatch batch, Hooks hooks) {
        if (hooks.points().contains(HookPoint.finalNorm())) {
            return forward(batch, hooks).captured();
        }
        try (Scope scope = Scope.open()) {
            Pass pass = pass(batch, hooks);
            int blocks =
                    1 + hooks.points().stream().mapToInt(HookPoint::layer).max().orElse(-1);
            run(embed(batch, pass), pass, blocks);
            pass.captured().values().forEach(scope::keep);
            return Map.copyOf(pass.captured());
        }
    }

    /**
     * The first tokens of sequences into an empty cache.
     *
     * @return hidden states [B,D] after the final norm at each sequence's last token; they belong to the current scope
     */
    public Tensor prefill(TokenBatch batch, KeyValueCache cache, Hooks hooks) {
        boolean ragged = Arrays.stream(lengths(batch)).distinct().count() > 1;
        if (batch.side() == TokenBatch.Padding.NONE || (ragged && batch.side() != TokenBatch.Padding.LEFT)) {
            throw new IllegalArgumentException("A batch that goes on must be padded on the left");
        }
        requireFits(batch.length());
        try (Scope scope = Scope.open()) {
            cache.begin(batch.length());
            Tensor positionsBT = Tensors.of(batch.positions(), batch.lines(), batch.length());
            Pass pass = pass(positionsBT, batch.length() - 1, batch.masks(), cache, hooks);
            Tensor hiddenBTD = run(embed(batch, pass), pass, parts.blocks().size());
            cache.end();
            Tensor lastB1D = hiddenBTD.slice(1, batch.length() - 1);
            return scope.keep(pass.at(Site.FINAL_NORM, 0, parts.finalNorm().apply(lastB1D))
                    .squeeze(1));
        }
    }

    /**
     * The next token of every row of a cache.
     *
     * @param tokens one id per row
     * @return hidden states [B,D] after the final norm; they belong to the current scope
     */
    public Tensor step(int[] tokens, KeyValueCache cache, Hooks hooks) {
        requireFits(cache.filled() + 1 - Arrays.stream(cache.padding()).min().orElse(0));
        try (Scope scope = Scope.open()) {
            cache.begin(1);
            int[] padding = cache.padding();
            int[] positions = new int[padding.length];
            Arrays.setAll(positions, row -> cache.filled() - padding[row]);
            Tensor positionsB1 = Tensors.of(positions, positions.length, 1);
            int largest = Arrays.stream(positions).max().orElse(0);
            Pass pass = pass(positionsB1, largest, new AttentionMasks(1, padding), cache, hooks);
            Tensor tokensB1 = Tensors.of(tokens, tokens.length, 1);
            Tensor hiddenB1D =
                    run(embed(tokensB1, positionsB1), pass, parts.blocks().size());
            cache.end();
            return scope.keep(pass.at(Site.FINAL_NORM, 0, parts.finalNorm().apply(hiddenB1D))
                    .squeeze(1));
        }
    }

    /** Whether {@link #fused} computes what this model does: in float32 on a CPU, without an adapter that takes part. */
    public boolean isFusable() {
        return !adapters.isOn() && ComputeThread.isFloat32OnCpu();
    }

    /** The weights as they are now, arranged for fast steps: see {@link #step}. The model must stay open as long. */
    public FusedDecoder fused() {
        return fused(MatrixForm.of(weights));
    }

    /** The same with matrices in this form. */
    public FusedDecoder fused(MatrixForm form) {
        return new FusedDecoder(config, weights, parts.rotaries(), form);
    }

    /** Scores of every vocabulary entry, [...,D] to [...,V]. */
    public Tensor logits(Tensor hidden) {
        return head().scores(hidden);
    }

    /**
     * log p of one token per row, in nats, without logits for all rows at once.
     *
     * @param hiddenND rows of hidden states after the final norm
     * @param targetsN token ids, INT64
     * @return [N]
     */
    public Tensor tokenLogProbs(Tensor hiddenND, Tensor targetsN) {
        return Kernels.best().tokenLogProbs(hiddenND, head(), targetsN, Kernels.chunkFor(config.vocabulary()));
    }

    /** The vocabulary projection, for kernels that work on it. */
    public VocabularyHead head() {
        return new VocabularyHead(parts.headVD(), config.head().softcap());
    }

    private void requireFits(int length) {
        if (length > config.context()) {
            throw new IllegalArgumentException(
                    "A sequence of %d tokens does not fit the context of %d".formatted(length, config.context()));
        }
    }

    private static int[] lengths(TokenBatch batch) {
        int[] lengths = new int[batch.rows()];
        Arrays.setAll(lengths, batch::length);
        return lengths;
    }

    private Tensor embed(TokenBatch batch, Pass pass) {
        try (Scope scope = Scope.open()) {
            Tensor tokensBT = Tensors.of(batch.ids(), batch.lines(), batch.length());
            return scope.keep(embed(tokensBT, pass.positionsBT()));
        }
    }

    private Tensor embed(Tensor tokensBT, Tensor positionsBT) {
        Tensor embeddedBTD = parts.embeddingVD().rows(tokensBT);
        Tensor scaledBTD = parts.embeddingScale() == 1 ? embeddedBTD : embeddedBTD.scaled(parts.embeddingScale());
        Tensor learnedCD = parts.positionsCD();
        return learnedCD == null ? scaledBTD : scaledBTD.plus(learnedCD.rows(positionsBT));
    }

    /** A pass over whole sequences. What its blocks share belongs to the current scope. */
    private Pass pass(TokenBatch batch, Hooks hooks) {
        requireFits(batch.longest());
        AttentionPattern pattern = batch.pattern();
        parts.scores().forEach(pattern::prepare);
        Tensor positionsBT = Tensors.of(batch.positions(), batch.lines(), batch.length());
        Pass pass = new Pass(positionsBT, batch.longest() - 1, pattern, null, checked(hooks));
        parts.rotaries().forEach(pass::prepare);
        return pass;
    }

    private Pass pass(Tensor positionsBT, int largest, AttentionMasks masks, KeyValueCache cache, Hooks hooks) {
        Pass pass = new Pass(positionsBT, largest, masks, cache, checked(hooks));
        parts.rotaries().forEach(pass::prepare);
        parts.scores().forEach(scores -> cache.prepare(scores, masks));
        return pass;
    }

    private Hooks checked(Hooks hooks) {
        for (HookPoint point : hooks.points()) {
            if (point.layer() >= config.layers()) {
                throw new IllegalArgumentException(
                        "No layer %d in a model of %d".formatted(point.layer(), config.layers()));
            }
            boolean parallel = config.blocks().get(point.layer()).residual() == BlockLayout.Residual.PARALLEL;
            if (parallel && point.site() == Site.RESID_MID) {
                throw new IllegalArgumentException(
                        "There is no %s: attention and MLP stand side by side".formatted(point));
            }
        }
        return hooks;
    }

    /** The first blocks, each in a scope of its own: what only the block needs is freed behind it. */
    private Tensor run(Tensor embeddedBTD, Pass pass, int count) {
        Tensor hiddenBTD = embeddedBTD;
        for (int layer = 0; layer < count; layer++) {
            Block block = parts.blocks().get(layer);
            Tensor beforeBTD = hiddenBTD;
            try (Scope scope = Scope.open()) {
                hiddenBTD = scope.keep(block.apply(beforeBTD, layer, pass));
                pass.captured().values().forEach(scope::keep);
            }
            if (!pass.isWatched()) {
                beforeBTD.close();
            }
        }
        return hiddenBTD;
    }

    private static ForwardResult keep(Scope scope, ForwardResult result) {
        scope.keep(result.hiddenBTD());
        result.captured().values().forEach(scope::keep);
        return result;
    }

    @Override
    public void close() {
        parts.rotaries().forEach(Rotary::close);
        weights.close();
    }
}
