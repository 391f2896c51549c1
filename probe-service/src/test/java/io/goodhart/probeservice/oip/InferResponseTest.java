package io.goodhart.probeservice.oip;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.model.ProbeRole;
import io.goodhart.probeservice.fake.SampleProbes;
import io.goodhart.probeservice.oip.InferRequest.RequestedOutput;
import io.goodhart.probing.Activations;
import io.goodhart.probing.Probe;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InferResponseTest {
    private static final Probe PROBE = SampleProbes.ofThreeFeatures(ProbeRole.TRAIN);

    /** Log-odds 1 + 2·0.5 − 3·0.5 + 0.5 = 1 and 0 + 0 − 3·0.5 + 0.5 = −1. */
    private static final Activations ROWS = Activations.of(new float[] {1f, 0.5f, 0.5f, 0f, 0f, 0.5f}, 2, 3);

    @Test
    void jsonHasTheProtocolsForm() {
        InferResponse response = answer("call-7", new RequestedOutput(Output.LOGIT, false), flagged(false));
        assertThat(response.hasBinary()).isFalse();
        assertThat(text(response)).isEqualTo("""
                {"model_name":"p","model_version":"1","id":"call-7","outputs":[\
                {"name":"logit","datatype":"FP64","shape":[2],"data":[1.0,-1.0]},\
                {"name":"flagged","datatype":"BOOL","shape":[2],"data":[false,false]}]}""");
    }

    @Test
    void withoutAnIdNoneIsSent() {
        assertThat(text(answer(null, flagged(false)))).doesNotContain("\"id\"");
    }

    @Test
    void binaryOutputsLieBehindTheJsonInTheirOrder() {
        InferResponse response = answer(null, flagged(true), new RequestedOutput(Output.LOGIT, true));
        assertThat(text(response)).endsWith("""
                "outputs":[{"name":"flagged","datatype":"BOOL","shape":[2],"parameters":{"binary_data_size":2}},\
                {"name":"logit","datatype":"FP64","shape":[2],"parameters":{"binary_data_size":16}}]}""");
        byte[] tail = Arrays.copyOfRange(response.body(), response.jsonLength(), response.body().length);
        assertThat(HexFormat.of().formatHex(tail)).isEqualTo("0000" + "000000000000f03f" + "000000000000f0bf");
    }

    @Test
    void anActivationIsFlaggedFromTheThresholdOn() {
        double atThreshold = Math.log(3); // probability 0.75
        Activations rows = Activations.of(
                new float[] {(float) atThreshold - 0.5f + 1e-5f, 0, 0, (float) atThreshold - 0.5f - 1e-5f, 0, 0}, 2, 3);
        InferResponse response =
                InferResponse.of("p", PROBE, new InferRequest(null, rows, List.of(flagged(false)), null));
        assertThat(text(response)).contains("\"data\":[true,false]");
    }

    private static RequestedOutput flagged(boolean binary) {
        return new RequestedOutput(Output.FLAGGED, binary);
    }

    private static InferResponse answer(@Nullable String id, RequestedOutput... outputs) {
        return InferResponse.of("p", PROBE, new InferRequest(id, ROWS, List.of(outputs), null));
    }

    private static String text(InferResponse response) {
        return new String(response.body(), 0, response.jsonLength(), StandardCharsets.UTF_8);
    }
}
