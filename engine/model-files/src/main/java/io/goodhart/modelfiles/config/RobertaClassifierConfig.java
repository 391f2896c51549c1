package io.goodhart.modelfiles.config;

import java.util.List;

/**
 * RoBERTa with a classification head: LayerNorm after attention and MLP, positions counted from the padding id + 1.
 *
 * @param context longest sequence in tokens, markers included: two less than the position table
 * @param positions rows of the position table
 * @param tokenTypes rows of the token-type table; only row 0 is used
 * @param labels names, in the order of the head's outputs
 * @param multiLabel whether each label has a probability of its own (sigmoid) instead of one among all (softmax)
 */
public record RobertaClassifierConfig(
        int layers,
        int dModel,
        int dMlp,
        int heads,
        int vocabulary,
        int context,
        int positions,
        int tokenTypes,
        Activation activation,
        double epsilon,
        List<String> labels,
        boolean multiLabel,
        int paddingId,
        SpecialTokens specialTokens)
        implements ModelConfig {
    public RobertaClassifierConfig {
        labels = List.copyOf(labels);
    }

    @Override
    public String family() {
        return "roberta";
    }

    @Override
    public int keyValueHeads() {
        return heads;
    }

    @Override
    public int dHead() {
        return dModel / heads;
    }

    static RobertaClassifierConfig read(ConfigReader json) {
        json.check(
                json.text("position_embedding_type", "absolute").equals("absolute"),
                "position_embedding_type",
                "only absolute positions are supported");
        json.refuseIfTrue("is_decoder");
        json.refuseIfTrue("add_cross_attention");
        int dModel = json.size("hidden_size", 768);
        int heads = json.size("num_attention_heads", 12);
        json.check(dModel % heads == 0, "num_attention_heads", "%d does not divide %d".formatted(heads, dModel));
        int positions = json.size("max_position_embeddings", 512);
        int padding = json.tokenId("pad_token_id", 1);
        json.check(positions > padding + 1, "max_position_embeddings", "%d leaves no position".formatted(positions));
        List<String> labels = json.labels();
        return new RobertaClassifierConfig(
                json.size("num_hidden_layers", 12),
                dModel,
                json.size("intermediate_size", 3072),
                heads,
                json.size("vocab_size", 50265),
                Math.max(1, positions - padding - 1),
                positions,
                json.size("type_vocab_size", 2),
                json.activation("hidden_act", Activation.GELU),
                json.positive("layer_norm_eps", 1e-12),
                labels,
                multiLabel(json, labels),
                padding,
                json.specialTokens(0, 2, padding));
    }

    private static boolean multiLabel(ConfigReader json, List<String> labels) {
        String type = json.text("problem_type", "single_label_classification");
        json.check(
                type.equals("single_label_classification") || type.equals("multi_label_classification"),
                "problem_type",
                "'%s' is not supported".formatted(type));
        boolean multiLabel = type.equals("multi_label_classification");
        json.check(
                multiLabel || labels.size() >= 2,
                "id2label",
                "one label needs problem_type multi_label_classification");
        return multiLabel;
    }
}
