package io.goodhart.db.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Site;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelFactsJsonTest {
    /** Of a model that was registered before its blocks were told. */
    @Test
    void factsWithoutBlocksAreStillRead() {
        ModelFacts facts = new ModelFacts(
                new ModelRevision("models/x", "ab".repeat(32)),
                "llama",
                ModelFacts.Task.LANGUAGE_MODEL,
                2,
                8,
                16,
                2,
                1,
                4,
                100,
                64,
                12_345,
                List.of("gate_proj"),
                List.of(Site.RESID_POST),
                List.of(),
                null);
        assertThat(GoodhartJson.write(facts)).doesNotContain("block");
        assertThat(GoodhartJson.read(ModelFacts.class, GoodhartJson.write(facts)))
                .isEqualTo(facts);
        assertThat(facts.blocks()).isEqualTo(BlockFacts.gated(2, 4));
    }
}
