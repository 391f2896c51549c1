package io.goodhart.modelfiles.weights;

import io.goodhart.modelfiles.config.AttentionLayout;
import io.goodhart.modelfiles.config.AttentionLayout.Projection;
import io.goodhart.modelfiles.config.BlockLayout;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.DecoderConfig;
import io.goodhart.modelfiles.config.EncoderLayout;
import io.goodhart.modelfiles.config.LinearLayout;
import io.goodhart.modelfiles.config.MlpLayout;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.NormLayout;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Goes through the parts of a configuration in the order of the forward pass and names their tensors. */
record TableWalk(Consumer<ExpectedTensor> found) {
    void walk(ModelConfig config) {
        switch (config) {
            case DecoderConfig decoder -> walk(decoder);
            case ClassifierConfig classifier -> walk(classifier);
        }
    }

    private void walk(DecoderConfig config) {
        long d = config.dModel();
        DecoderConfig.Embedding embedding = config.embedding();
        add(embedding.tokens(), ExpectedTensor.Kind.PLAIN, config.vocabulary(), d);
        if (embedding.positions() != null) {
            add(embedding.positions(), ExpectedTensor.Kind.PLAIN, config.context(), d);
        }
        config.blocks().forEach(this::walk);
        norm(config.finalNorm());
        if (!config.tiedHead()) {
            add(config.head().weight(), ExpectedTensor.Kind.HEAD, config.vocabulary(), d);
        }
    }

    private void walk(BlockLayout block) {
        norm(block.attentionNorm());
        AttentionLayout attention = block.attention();
        projection(attention.projection());
        linear(attention.output());
        norm(attention.queryNorm());
        norm(attention.keyNorm());
        norm(block.afterAttention());
        norm(block.mlpNorm());
        mlp(block.mlp());
        norm(block.afterMlp());
    }

    private void walk(ClassifierConfig config) {
        long d = config.dModel();
        ClassifierConfig.Embedding embedding = config.embedding();
        add(embedding.words(), ExpectedTensor.Kind.PLAIN, config.vocabulary(), d);
        add(embedding.positions(), ExpectedTensor.Kind.PLAIN, embedding.positionRows(), d);
        if (embedding.types() != null) {
            add(embedding.types(), ExpectedTensor.Kind.PLAIN, embedding.typeRows(), d);
        }
        norm(embedding.norm());
        for (EncoderLayout block : config.blocks()) {
            projection(block.projection());
            linear(block.output());
            norm(block.attentionNorm());
            mlp(block.mlp());
            norm(block.mlpNorm());
        }
        linear(config.dense());
        linear(config.out());
    }

    private void projection(Projection projection) {
        switch (projection) {
            case Projection.Separate(LinearLayout query, LinearLayout key, LinearLayout value) -> {
                linear(query);
                linear(key);
                linear(value);
            }
            case Projection.Fused(LinearLayout all) -> linear(all);
            case Projection.FusedByHead(LinearLayout all) -> linear(all);
        }
    }

    private void mlp(MlpLayout mlp) {
        switch (mlp.input()) {
            case MlpLayout.Input.Plain(LinearLayout up) -> linear(up);
            case MlpLayout.Input.Gated(LinearLayout gate, LinearLayout up) -> {
                linear(gate);
                linear(up);
            }
            case MlpLayout.Input.FusedGate(LinearLayout gateUp) -> linear(gateUp);
        }
        linear(mlp.down());
    }

    private void linear(LinearLayout linear) {
        String weight = linear.name() + ".weight";
        switch (linear.storage()) {
            case OUT_IN -> add(weight, ExpectedTensor.Kind.LINEAR, linear.out(), linear.in());
            case IN_OUT -> add(weight, ExpectedTensor.Kind.TRANSPOSED_LINEAR, linear.in(), linear.out());
        }
        if (linear.bias() == LinearLayout.Bias.PRESENT) {
            add(linear.name() + ".bias", ExpectedTensor.Kind.PLAIN, linear.out());
        }
    }

    private void norm(@Nullable NormLayout norm) {
        if (norm == null) {
            return;
        }
        add(norm.name() + ".weight", ExpectedTensor.Kind.PLAIN, norm.size());
        if (norm.kind() == NormLayout.Kind.LAYER) {
            add(norm.name() + ".bias", ExpectedTensor.Kind.PLAIN, norm.size());
        }
    }

    private void add(String name, ExpectedTensor.Kind kind, long... shape) {
        found.accept(new ExpectedTensor(name, Arrays.stream(shape).boxed().toList(), kind));
    }
}
