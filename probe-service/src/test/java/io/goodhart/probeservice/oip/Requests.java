package io.goodhart.probeservice.oip;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Requests as clients write them. */
final class Requests {
    private Requests() {}

    static byte[] json(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    /** JSON with bytes behind it, given in hexadecimal. */
    static byte[] withTail(byte[] json, String hex) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json);
        body.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
        return body.toByteArray();
    }

    /** A request of one binary input without the bytes. */
    static byte[] binary(String datatype, int rows, int width, int bytes) {
        return json("""
                {'id': 'a', 'inputs': [{'name': 'activations', 'shape': [%d, %d], 'datatype': '%s',
                 'parameters': {'binary_data_size': %d}}]}""".formatted(rows, width, datatype, bytes));
    }

    /** A request of one input in JSON. */
    static byte[] plain(String shape, String datatype, String data) {
        return json("{'inputs': [{'name': 'activations', 'shape': %s, 'datatype': '%s', 'data': %s}]}"
                .formatted(shape, datatype, data));
    }
}
