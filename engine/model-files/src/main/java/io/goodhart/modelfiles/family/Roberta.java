package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.ClassifierConfig.Counting;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.OldNames;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.regex.Pattern;

/** RoBERTa with a classification head: positions from the padding id + 1, head of two layers with tanh between them. */
final class Roberta implements Family {
    private static final OldNames OLD_NAMES = new OldNames(
            "",
            Pattern.compile(
                    "roberta\\.embeddings\\.(position_ids|token_type_ids)|roberta\\.pooler\\.dense\\.(weight|bias)"));

    @Override
    public String modelType() {
        return "roberta";
    }

    @Override
    public String architecture() {
        return "RobertaForSequenceClassification";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        BertParts parts = BertParts.read(json, "roberta.", 50265, json.number("pad_token_id", 1) + 1);
        int d = parts.sizes().dModel();
        Labels labels = Labels.read(json);
        return new ClassifierConfig(
                modelType(),
                parts.sizes(),
                parts.embedding(Counting.BEHIND_PADDING_ID),
                parts.blocks(),
                BertParts.linear("classifier.dense", d, d),
                Activation.TANH,
                BertParts.linear("classifier.out_proj", labels.names().size(), d),
                labels.names(),
                labels.multiLabel(),
                json.specialTokens(parts.sizes().vocabulary(), SpecialTokens.of(0, 2, 1)),
                OLD_NAMES);
    }
}
