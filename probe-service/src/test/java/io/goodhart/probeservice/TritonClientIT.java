package io.goodhart.probeservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Pooling;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.probeservice.fake.SampleProbes;
import io.goodhart.probing.Activations;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ReadPoint;
import io.goodhart.probing.TokenActivations;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;

/** The published Python client of the protocol, unmodified, against the running service. */
@ProbeServiceTest
class TritonClientIT {
    private static final int WIDTH = 5;
    private static final Probe PROBE = SampleProbes.wide(
            "a",
            ProbeRole.TRAIN,
            new ReadPoint(new ModelRevision("models/m", "cd".repeat(32)), Site.ATTN_OUT, 3, Pooling.MEAN),
            WIDTH);

    private final PublishedProbes published;
    private final int port;

    @Autowired
    TritonClientIT(PublishedProbes published, @LocalServerPort int port) {
        this.published = published;
        this.port = port;
    }

    @Test
    void theUnmodifiedClientGetsTheProbesReadings() throws Exception {
        String name = published.publish(List.of(PROBE)).getFirst();
        JsonNode seen =
                GoodhartJson.tree(PythonClient.run(script(), "127.0.0.1:" + port, name, Integer.toString(WIDTH)));
        checkDescriptions(seen, name);
        checkReadings(seen);
        checkErrors(seen);
    }

    private static void checkDescriptions(JsonNode seen, String name) {
        assertThat(List.of("live", "ready", "model_ready", "version_ready"))
                .allMatch(key -> seen.get(key).asBoolean());
        assertThat(seen.get("other_version_ready").asBoolean()).isFalse();
        assertThat(seen.get("other_model_ready").asBoolean()).isFalse();
        assertThat(seen.at("/server/extensions/0").asString()).isEqualTo("binary_tensor_data");
        assertThat(seen.at("/model/name").asString()).isEqualTo(name);
        assertThat(seen.at("/model/inputs/0/shape/1").asInt()).isEqualTo(WIDTH);
    }

    private static void checkReadings(JsonNode seen) {
        float[] rows = new float[3 * WIDTH];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) seen.get("rows").get(i / WIDTH).get(i % WIDTH).asDouble();
        }
        double[] expected = PROBE.logits(TokenActivations.pooled(Activations.of(rows, 3, WIDTH)));
        assertThat(seen.get("id").asString()).isEqualTo("call-7");
        assertThat(seen.get("left out").asBoolean()).isTrue();
        assertThat(seen.get("logits").size()).isEqualTo(7);
        for (String form : seen.get("logits").propertyNames()) {
            for (int i = 0; i < 3; i++) {
                double probability = FittedProbe.sigmoid(expected[i]);
                assertThat(seen.get("logits").get(form).get(i).asDouble())
                        .as(form)
                        .isEqualTo(expected[i]);
                assertThat(seen.get("flagged").get(form).get(i).asBoolean())
                        .as(form)
                        .isEqualTo(probability >= PROBE.threshold());
                assertThat(seen.get("probability").get(i).asDouble()).isCloseTo(probability, within(1e-15));
            }
        }
    }

    private static void checkErrors(JsonNode seen) {
        assertThat(seen.get("unknown model").toString()).contains("404", "There is no probe nothing");
        assertThat(seen.get("wrong width").toString()).contains("400", "The probe reads [N, 5], got shape [3,4]");
        assertThat(seen.get("not a number").toString()).contains("400", "finite");
    }

    private static Path script() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(TritonClientIT.class.getResource("triton_client.py"))
                .toURI());
    }
}
