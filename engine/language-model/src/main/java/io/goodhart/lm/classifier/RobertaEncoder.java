package io.goodhart.lm.classifier;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.block.Linear;
import io.goodhart.lm.block.Mlp;
import io.goodhart.lm.block.Norm;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.RobertaClassifierConfig;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** RoBERTa with its classification head: every token attends to every other, norms stand behind attention and MLP. */
final class RobertaEncoder {
    private record Layer(
            Linear query,
            Linear key,
            Linear value,
            Linear output,
            Norm attentionNorm,
            Linear up,
            Linear down,
            Norm mlpNorm) {}

    private final RobertaClassifierConfig config;
    private final Tensor wordsVD;
    private final Tensor positionsCD;
    private final Tensor typeD;
    private final Norm embeddingNorm;
    private final List<Layer> layers = new ArrayList<>();
    private final Linear dense;
    private final Linear out;

    RobertaEncoder(RobertaClassifierConfig config, Weights weights) {
        AdapterSlot none = new AdapterSlot();
        this.config = config;
        String embeddings = "roberta.embeddings.";
        this.wordsVD = weights.get(embeddings + "word_embeddings.weight");
        this.positionsCD = weights.get(embeddings + "position_embeddings.weight");
        this.typeD = weights.get(embeddings + "token_type_embeddings.weight");
        this.embeddingNorm = Norm.layer(weights, embeddings + "LayerNorm", config.epsilon());
        for (int i = 0; i < config.layers(); i++) {
            String name = "roberta.encoder.layer.%d.".formatted(i);
            layers.add(new Layer(
                    Linear.of(weights, name + "attention.self.query", none),
                    Linear.of(weights, name + "attention.self.key", none),
                    Linear.of(weights, name + "attention.self.value", none),
                    Linear.of(weights, name + "attention.output.dense", none),
                    Norm.layer(weights, name + "attention.output.LayerNorm", config.epsilon()),
                    Linear.of(weights, name + "intermediate.dense", none),
                    Linear.of(weights, name + "output.dense", none),
                    Norm.layer(weights, name + "output.LayerNorm", config.epsilon())));
        }
        this.dense = Linear.of(weights, "classifier.dense", none);
        this.out = Linear.of(weights, "classifier.out_proj", none);
    }

    /** Scores [B,labels] of token sequences, markers included. The result belongs to the current scope. */
    Tensor logits(List<int[]> sequences) {
        try (Scope scope = Scope.open()) {
            int rows = sequences.size();
            int length = sequences.stream().mapToInt(ids -> ids.length).max().orElse(0);
            long[] ids = new long[rows * length];
            long[] positions = new long[rows * length];
            boolean[] real = new boolean[rows * length];
            Arrays.fill(ids, config.paddingId());
            Arrays.fill(positions, config.paddingId());
            boolean padded = false;
            for (int row = 0; row < rows; row++) {
                int[] sequence = sequences.get(row);
                for (int i = 0; i < sequence.length; i++) {
                    ids[row * length + i] = sequence[i];
                    positions[row * length + i] = config.paddingId() + 1L + i;
                    real[row * length + i] = true;
                }
                padded |= sequence.length < length;
            }
            Tensor mask = padded ? Tensors.of(real, rows, 1, 1, length) : null;
            Tensor embeddedBTD = wordsVD.rows(Tensors.of(ids, rows, length))
                    .plus(positionsCD.rows(Tensors.of(positions, rows, length)))
                    .plus(typeD.select(0, 0));
            Tensor hiddenBTD = embeddingNorm.apply(embeddedBTD);
            for (Layer layer : layers) {
                try (Scope inner = Scope.open()) {
                    hiddenBTD = inner.keep(apply(layer, hiddenBTD, mask));
                }
            }
            return scope.keep(out.apply(dense.apply(hiddenBTD.select(1, 0)).tanh()));
        }
    }

    private Tensor apply(Layer layer, Tensor xBTD, @Nullable Tensor mask) {
        Tensor mixedBHTK = Kernels.best()
                .attention(
                        split(layer.query().apply(xBTD)),
                        split(layer.key().apply(xBTD)),
                        split(layer.value().apply(xBTD)),
                        mask,
                        1 / Math.sqrt(config.dHead()));
        Tensor joinedBTD = mixedBHTK.transpose(1, 2).reshape(xBTD.shape()); // [B,H,T,K] -> [B,T,D]
        Tensor midBTD =
                layer.attentionNorm().apply(layer.output().apply(joinedBTD).plus(xBTD));
        Activation activation = config.activation();
        Tensor fedBTD = layer.down().apply(Mlp.activate(activation, layer.up().apply(midBTD)));
        return layer.mlpNorm().apply(fedBTD.plus(midBTD));
    }

    private Tensor split(Tensor xBTD) {
        return xBTD.reshape(xBTD.size(0), xBTD.size(1), config.heads(), config.dHead())
                .transpose(1, 2); // [B,T,D] -> [B,H,T,K]
    }
}
