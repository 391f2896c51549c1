package io.goodhart.domain.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.Specs;
import io.goodhart.domain.SplitMix;
import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.statistics.Normal;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ExpectedPrecisionTest {
    private static final ExpectedPrecision TWO_SEEDS = ExpectedPrecision.of(Specs.experiment(
            Specs.arms("baseline", new ArmSpec.None(), "dpo", Specs.dpo(ArmSpec.LabelBy.SCORER, null)), 1L, 2L));

    @Test
    void rateOfOneHalfIsTheTextbooks() {
        // (1.959964 + 0.841621)·√(¼·1.5/300)
        assertThat(TWO_SEEDS.at().getLast().rate()).isCloseTo(0.09905, within(1e-5));
        assertThat(TWO_SEEDS.prompts()).isEqualTo(300);
        assertThat(TWO_SEEDS.trainedArms()).isEqualTo(1);
    }

    @Test
    void differenceIsFoundAsOftenAsItSays() {
        double truth = TWO_SEEDS.at().getLast().rate();
        double error = Math.sqrt(0.25 * 1.5 / 300);
        SplitMix random = new SplitMix(9);
        int found = 0;
        for (int experiment = 0; experiment < 4000; experiment++) {
            double trained = (share(random, 0.5 - truth) + share(random, 0.5 - truth)) / 2;
            double difference = trained - share(random, 0.5);
            found += Math.abs(difference) / error >= Normal.critical(0.95) ? 1 : 0;
        }
        assertThat(found / 4000.0).isCloseTo(0.8, within(0.03)); // the variance is a little smaller at the lower rate
    }

    @Test
    void aucNeedsTextsOfBothClasses() {
        assertThat(TWO_SEEDS.at())
                .extracting(at -> Objects.requireNonNull(at.auroc()))
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    @Test
    void moreArmsFindLess() {
        ExpectedPrecision more = ExpectedPrecision.of(Specs.experiment(
                Specs.arms(
                        "baseline",
                        new ArmSpec.None(),
                        "dpo",
                        Specs.dpo(ArmSpec.LabelBy.SCORER, null),
                        "random",
                        Specs.dpo(ArmSpec.LabelBy.RANDOM, null)),
                1L,
                2L));

        assertThat(more.at().getFirst().rate())
                .isGreaterThan(TWO_SEEDS.at().getFirst().rate());
    }

    private static double share(SplitMix random, double rate) {
        int shown = 0;
        for (int prompt = 0; prompt < 300; prompt++) {
            shown += random.uniform() < rate ? 1 : 0;
        }
        return shown / 300.0;
    }
}
