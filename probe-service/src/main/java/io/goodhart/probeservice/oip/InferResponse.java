package io.goodhart.probeservice.oip;

import io.goodhart.probeservice.oip.InferRequest.RequestedOutput;
import io.goodhart.probing.FittedProbe;
import io.goodhart.probing.LinearProbe;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** Reads the rows with the probe. */
    static InferResponse of(String name, LinearProbe probe, InferRequest request) {
        double[] logits = probe.fit().logits(request.activations());
        ByteArrayOutputStream tail = new ByteArrayOutputStream();
        List<Map<String, Object>> outputs = new ArrayList<>();
        for (RequestedOutput requested : request.outputs()) {
            Map<String, Object> output = new LinkedHashMap<>();
            output.put("name", requested.output().wireName());
            output.put("datatype", requested.output().datatype());
            output.put("shape", new int[] {logits.length});
            if (requested.binary()) {
                byte[] bytes = bytes(requested.output(), logits, probe);
                output.put("parameters", Map.of("binary_data_size", bytes.length));
                tail.writeBytes(bytes);
            } else {
                output.put("data", values(requested.output(), logits, probe));
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

    private static Object values(Output output, double[] logits, LinearProbe probe) {
        return switch (output) {
            case PROBABILITY -> probabilities(logits);
            case LOGIT -> logits;
            case FLAGGED -> flags(logits, probe);
        };
    }

    private static byte[] bytes(Output output, double[] logits, LinearProbe probe) {
        return switch (output) {
            case PROBABILITY -> littleEndian(probabilities(logits));
            case LOGIT -> littleEndian(logits);
            case FLAGGED -> {
                boolean[] flags = flags(logits, probe);
                byte[] bytes = new byte[flags.length];
                for (int i = 0; i < flags.length; i++) {
                    bytes[i] = (byte) (flags[i] ? 1 : 0);
                }
                yield bytes;
            }
        };
    }

    private static double[] probabilities(double[] logits) {
        double[] probabilities = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = FittedProbe.sigmoid(logits[i]);
        }
        return probabilities;
    }

    private static boolean[] flags(double[] logits, LinearProbe probe) {
        boolean[] flags = new boolean[logits.length];
        for (int i = 0; i < logits.length; i++) {
            flags[i] = FittedProbe.sigmoid(logits[i]) >= probe.threshold();
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
