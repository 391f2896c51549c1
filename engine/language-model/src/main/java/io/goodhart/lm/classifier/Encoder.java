package io.goodhart.lm.classifier;

import io.goodhart.lm.adapter.AdapterSlot;
import io.goodhart.lm.block.Linear;
import io.goodhart.lm.block.Mlp;
import io.goodhart.lm.block.Modules;
import io.goodhart.lm.block.Norm;
import io.goodhart.lm.weights.Weights;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.EncoderLayout;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The forward pass of a classifier: every token attends to every other, norms stand behind attention and MLP. */
final class Encoder {
    private record Layer(
            Linear query, Linear key, Linear value, Linear output, Norm attentionNorm, Mlp mlp, Norm mlpNorm) {
        static Layer of(EncoderLayout layout, Modules modules) {
            return new Layer(
                    modules.linear(layout.projection().query()),
                    modules.linear(layout.projection().key()),
                    modules.linear(layout.projection().value()),
                    modules.linear(layout.output()),
                    modules.norm(layout.attentionNorm()),
                    Mlp.of(layout.mlp(), modules),
                    modules.norm(layout.mlpNorm()));
        }
    }

    private final ClassifierConfig config;
    private final Tensor wordsVD;
    private final Tensor positionsCD;
    private final @Nullable Tensor typesD;
    private final Norm embeddingNorm;
    private final List<Layer> layers = new ArrayList<>();
    private final Linear dense;
    private final Linear out;

    Encoder(ClassifierConfig config, Weights weights) {
        Modules modules = new Modules(weights, new AdapterSlot());
        this.config = config;
        this.wordsVD = weights.get(config.embedding().words());
        this.positionsCD = weights.get(config.embedding().positions());
        String types = config.embedding().types();
        this.typesD = types == null ? null : weights.get(types);
        this.embeddingNorm = modules.norm(config.embedding().norm());
        config.blocks().forEach(layout -> layers.add(Layer.of(layout, modules)));
        this.dense = modules.linear(config.dense());
        this.out = modules.linear(config.out());
    }

    /** Scores [B,labels]. The result belongs to the current scope. */
    Tensor logits(List<TypedTokens> texts) {
        try (Scope scope = Scope.open()) {
            Tensor hiddenBTD = hidden(texts).getLast();
            Tensor firstBD = hiddenBTD.select(1, 0);
            return scope.keep(out.apply(Mlp.activate(config.denseActivation(), dense.apply(firstBD))));
        }
    }

    /** The embeddings and what stands behind each block, L + 1 tensors [B,T,D]. They belong to the current scope. */
    List<Tensor> hidden(List<TypedTokens> texts) {
        PaddedTexts padded = PaddedTexts.of(texts, config);
        Tensor mask = padded.maskB11T();
        List<Tensor> hidden = new ArrayList<>();
        hidden.add(embedded(padded));
        for (Layer layer : layers) {
            try (Scope inner = Scope.open()) {
                hidden.add(inner.keep(apply(layer, hidden.getLast(), mask)));
            }
        }
        return hidden;
    }

    private Tensor embedded(PaddedTexts padded) {
        try (Scope scope = Scope.open()) {
            Tensor sumBTD = wordsVD.rows(padded.idsBT()).plus(positionsCD.rows(padded.positionsBT()));
            Tensor typedBTD = typesD == null ? sumBTD : sumBTD.plus(typesD.rows(padded.typesBT()));
            return scope.keep(embeddingNorm.apply(typedBTD));
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
        return layer.mlpNorm().apply(layer.mlp().apply(midBTD).plus(midBTD));
    }

    private Tensor split(Tensor xBTD) {
        return xBTD.reshape(xBTD.size(0), xBTD.size(1), config.heads(), config.dHead())
                .transpose(1, 2); // [B,T,D] -> [B,H,T,K]
    }
}
