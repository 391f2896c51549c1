package io.goodhart.probing.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.probing.Golden;
import io.goodhart.probing.Tensors;
import io.goodhart.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs where the whole set of reference values is; {@code TokenAggregationTest} has the closed forms. */
@EnabledIf("isAvailable")
class AggregationGoldenTest {
    private static final Optional<Path> JSON = Fixtures.find("probing/aggregation.json");
    private static final Optional<Path> TENSORS = Fixtures.find("probing/aggregation.safetensors");
    private static final Map<String, TokenAggregation> AGGREGATIONS = new LinkedHashMap<>(Map.of(
            "mean", new TokenAggregation.Mean(),
            "max", new TokenAggregation.Max(),
            "last", new TokenAggregation.Last(),
            "sum", new TokenAggregation.Sum(),
            "top5_mean", new TokenAggregation.TopMean(5),
            "rolling_mean_max_10", new TokenAggregation.RollingMeanMax(10),
            "ema_max_0.5", new TokenAggregation.EmaMax(0.5)));

    static boolean isAvailable() {
        return JSON.isPresent() && TENSORS.isPresent();
    }

    @Test
    void everyPrefixOfEverySequenceIsAggregatedAsTheReferenceDoes() throws IOException {
        JsonNode golden = new JsonMapper().readTree(Files.readString(JSON.orElseThrow()));
        Tensors tensors = Tensors.read(TENSORS.orElseThrow());
        int tokens = tensors.size("x", 1);
        double[] logits = tensors.doubles("token_logits");
        boolean[] mask = tensors.labels("mask");
        for (int n = 0; n < tensors.size("x", 0); n++) {
            int first = n * tokens;
            int[] kept =
                    IntStream.range(first, first + tokens).filter(t -> mask[t]).toArray();
            JsonNode streaming = golden.get("streaming_values").get(n);
            AGGREGATIONS.forEach((name, aggregation) -> {
                RunningScore score = aggregation.start();
                assertThat(score.value()).isEmpty();
                for (int e = 0; e < kept.length; e++) {
                    score.add(logits[kept[e]]);
                    assertThat(score.value().orElseThrow())
                            .as("%s of %d tokens", name, e + 1)
                            .isCloseTo(streaming.get(name).get(e).doubleValue(), within(Golden.EXACT));
                }
            });
        }
    }
}
