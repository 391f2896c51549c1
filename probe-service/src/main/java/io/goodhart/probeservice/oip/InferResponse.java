package io.goodhart.probeservice.oip;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.probeservice.oip.InferRequest.RequestedOutput;
import io.goodhart.probing.Calibration;
import io.goodhart.probing.Probe;
import io.goodhart.probing.TokenActivations;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An answer in the protocol's form: JSON, and behind it the bytes of the outputs in binary form. */
final class InferResponse {
    /** The only version that a fitted probe has: another fit is another probe. */
    static final String VERSION = "1";

    private final byte[] json;
    private final byte[] binary;

    private InferResponse(byte[] json, byte[] binary) {
        this.json = json;
        this.binary = binary;
    }

    /** Reads the rows with the probe: each as a pooled text, or all as the tokens of one. */
    static InferResponse of(String name, Probe probe, InferRequest request) {
        Aggregation aggregation = aggregation(probe, request);
        Calibration calibration =
                probe.readsTokens() ? probe.calibration(aggregation).orElseThrow() : probe.calibration();
        TokenActivations texts = probe.readsTokens()
                ? TokenActivations.ofOne(request.activations())
                : TokenActivations.pooled(request.activations());
        double[] logits = probe.fit().logits(texts, aggregation);
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        List<Map<String, Object>> outputs = new ArrayList<>();
        for (RequestedOutput requested : request.outputs()) {
            Map<String, Object> output = new LinkedHashMap<>();
            output.put("name", requested.output().wireName());
            output.put("datatype", requested.output().datatype());
            output.put("shape", new int[] {logits.length});
            if (requested.binary()) {
                byte[] bytes = bytes(requested.output(), logits, calibration);
                output.put("parameters", Map.of("binary_data_size", bytes.length));
                tail.writeBytes(bytes);
            } else {
                output.put("data", values(requested.output(), logits, calibration));
            }
            outputs.add(output);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model_name", name);
        json.put("model_version", VERSION);
        if (request.id() != null) {
            json.put("id", request.id());
        }
        json.put("outputs", outputs);
        return new InferResponse(OipJson.write(json), tail.toByteArray());
    }

    private static Object values(Output output, double[] logits, Calibration calibration) {
        return switch (output) {
            case PROBABILITY -> calibration.probabilities(logits);
            case LOGIT -> logits;
            case FLAGGED -> flags(logits, calibration);
        };
    }

    private static byte[] bytes(Output output, double[] logits, Calibration calibration) {
        return switch (output) {
            case PROBABILITY -> littleEndian(calibration.probabilities(logits));
            case LOGIT -> littleEndian(logits);
            case FLAGGED -> {
                boolean[] flags = flags(logits, calibration);
                byte[] bytes = new byte[flags.length];
                for (int i = 0; i < flags.length; i++) {
                    bytes[i] = (byte) (flags[i] ? 1 : 0);
                }
                yield bytes;
            }
        };
    }

    private static Aggregation aggregation(Probe probe, InferRequest request) {
        Aggregation asked = request.aggregation();
        if (asked == null) {
            return probe.aggregation();
        }
        if (!probe.readsTokens()) {
            throw new BadRequestException("This probe reads pooled activations: there are no tokens to aggregate");
        }
        if (probe.calibration(asked).isEmpty()) {
            throw new BadRequestException("A probe of kind %s is not scored by %s"
                    .formatted(
                            probe.fit().kind().name().toLowerCase(Locale.ROOT),
                            asked.name().toLowerCase(Locale.ROOT)));
        }
        return asked;
    }

    private static boolean[] flags(double[] logits, Calibration calibration) {
        boolean[] flags = new boolean[logits.length];
        for (int i = 0; i < logits.length; i++) {
            flags[i] = calibration.flags(logits[i]);
        }
        return flags;
    }

    private static byte[] littleEndian(double[] values) {
        ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(values);
        return bytes.array();
    }

    /** Bytes of the body that are JSON. */
    int jsonLength() {
        return json.length;
    }

    boolean hasBinary() {
        return binary.length > 0;
    }

    /** JSON and binary outputs, one after the other. */
    byte[] body() {
        byte[] body = new byte[json.length + binary.length];
        System.arraycopy(json, 0, body, 0, json.length);
        System.arraycopy(binary, 0, body, json.length, binary.length);
        return body;
    }
}
