package io.goodhart.modelfiles.family;

import io.goodhart.modelfiles.config.Activation;
import io.goodhart.modelfiles.config.ClassifierConfig;
import io.goodhart.modelfiles.config.ClassifierConfig.Counting;
import io.goodhart.modelfiles.config.ConfigReader;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.config.OldNames;
import io.goodhart.modelfiles.config.SpecialTokens;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** BERT with a classification head: positions from 0, token types, pooler with tanh, then one linear layer. */
final class Bert implements Family {
    private static final OldNames OLD_NAMES =
            new OldNames("", Pattern.compile("bert\\.embeddings\\.(position_ids|token_type_ids)"));

    @Override
    public String modelType() {
        return "bert";
    }

    @Override
    public String architecture() {
        return "BertForSequenceClassification";
    }

    @Override
    public ModelConfig read(ConfigReader json) {
        BertParts parts = BertParts.read(json, "bert.", 30522, 0);
        int d = parts.sizes().dModel();
        Labels labels = Labels.read(json);
        SpecialTokens tokens = new SpecialTokens(OptionalInt.empty(), List.of(), OptionalInt.of(0));
        return new ClassifierConfig(
                modelType(),
                parts.sizes(),
                parts.embedding(Counting.FROM_ZERO),
                parts.blocks(),
                BertParts.linear("bert.pooler.dense", d, d),
                Activation.TANH,
                BertParts.linear("classifier", labels.names().size(), d),
                labels.names(),
                labels.multiLabel(),
                json.specialTokens(parts.sizes().vocabulary(), tokens),
                OLD_NAMES);
    }
}
