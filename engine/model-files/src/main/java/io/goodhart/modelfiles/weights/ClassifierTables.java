package io.goodhart.modelfiles.weights;

import io.goodhart.modelfiles.config.RobertaClassifierConfig;
import io.goodhart.modelfiles.weights.WeightTable.Bias;
import java.util.regex.Pattern;

/** Tables of the sequence classifiers. */
final class ClassifierTables {
    private static final Pattern ROBERTA_BUFFERS = Pattern.compile(
            "roberta\\.embeddings\\.(position_ids|token_type_ids)|roberta\\.pooler\\.dense\\.(weight|bias)");

    private ClassifierTables() {}

    static WeightTable roberta(RobertaClassifierConfig config) {
        long d = config.dModel();
        WeightTable table = new WeightTable("", ROBERTA_BUFFERS);
        table.plain("roberta.embeddings.word_embeddings.weight", config.vocabulary(), d)
                .plain("roberta.embeddings.position_embeddings.weight", config.positions(), d)
                .plain("roberta.embeddings.token_type_embeddings.weight", config.tokenTypes(), d)
                .layerNorm("roberta.embeddings.LayerNorm", d);
        for (int layer = 0; layer < config.layers(); layer++) {
            String block = "roberta.encoder.layer.%d.".formatted(layer);
            table.linear(block + "attention.self.query", d, d, Bias.PRESENT)
                    .linear(block + "attention.self.key", d, d, Bias.PRESENT)
                    .linear(block + "attention.self.value", d, d, Bias.PRESENT)
                    .linear(block + "attention.output.dense", d, d, Bias.PRESENT)
                    .layerNorm(block + "attention.output.LayerNorm", d)
                    .linear(block + "intermediate.dense", config.dMlp(), d, Bias.PRESENT)
                    .linear(block + "output.dense", d, config.dMlp(), Bias.PRESENT)
                    .layerNorm(block + "output.LayerNorm", d);
        }
        return table.linear("classifier.dense", d, d, Bias.PRESENT)
                .linear("classifier.out_proj", config.labels().size(), d, Bias.PRESENT);
    }
}
