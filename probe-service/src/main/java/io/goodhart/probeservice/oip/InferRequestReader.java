package io.goodhart.probeservice.oip;

import io.goodhart.domain.model.Aggregation;
import io.goodhart.probeservice.oip.InferRequest.RequestedOutput;
import io.goodhart.probing.Activations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads a request: JSON, and behind it the bytes of tensors in binary form, little endian and row-major. */
final class InferRequestReader {
    static final String INPUT = "activations";

    /** What the protocol's extensions can ask of an output and this service does not give. */
    private static final List<String> NOT_GIVEN = List.of("classification", "shared_memory_region");

    private final byte[] body;
    private final int headerLength;
    private final int width;

    /**
     * @param body the whole body
     * @param headerLength bytes of it that are JSON
     * @param width features D that the probe reads
     */
    InferRequestReader(byte[] body, int headerLength, int width) {
        this.body = body;
        this.headerLength = headerLength;
        this.width = width;
    }

    /** @throws BadRequestException if it is not such a request */
    InferRequest read() {
        if (headerLength < 0 || headerLength > body.length) {
            throw new BadRequestException("Inference-Header-Content-Length is %d, the body has %d bytes"
                    .formatted(headerLength, body.length));
        }
        JsonNode json = OipJson.read(body, headerLength);
        JsonNode inputs = json.path("inputs");
        if (!inputs.isArray() || inputs.size() != 1) {
            throw new BadRequestException("Exactly one input is needed: " + INPUT);
        }
        JsonNode input = inputs.get(0);
        if (!text(input.path("name")).equals(INPUT)) {
            throw new BadRequestException("The input is called " + INPUT);
        }
        return new InferRequest(
                id(json.path("id")),
                activations(input),
                outputs(json),
                aggregation(json.path("parameters").path("aggregation")));
    }

    private static @Nullable String id(JsonNode id) {
        if (id.isMissingNode() || id.isNull()) {
            return null;
        }
        if (!id.isString()) {
            throw new BadRequestException("The id must be a string");
        }
        return id.stringValue();
    }

    private static @Nullable Aggregation aggregation(JsonNode name) {
        if (name.isMissingNode() || name.isNull()) {
            return null;
        }
        return Arrays.stream(Aggregation.values())
                .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text(name)))
                .findFirst()
                .orElseThrow(() -> new BadRequestException("There is no aggregation " + name));
    }

    private Activations activations(JsonNode input) {
        String name = text(input.path("datatype"));
        Datatype type = Datatype.byName(name)
                .orElseThrow(() -> new BadRequestException(
                        "Datatype %s is not read; use one of %s".formatted(name, Arrays.toString(Datatype.values()))));
        int rows = rows(input.path("shape"));
        JsonNode size = input.path("parameters").path("binary_data_size");
        float[] values = size.isMissingNode() ? fromJson(input.path("data"), type, rows) : fromBytes(size, type, rows);
        for (float value : values) {
            if (!Float.isFinite(value)) {
                throw new BadRequestException("Activations must be finite numbers of float32's range");
            }
        }
        return Activations.of(values, rows, width);
    }

    private int rows(JsonNode shape) {
        boolean matrix = shape.isArray() && shape.size() == 2;
        boolean vector = shape.isArray() && shape.size() == 1;
        if ((!matrix && !vector) || OipJson.integer(shape.get(shape.size() - 1), -1) != width) {
            throw BadRequestException.misfit("The probe reads [N, %d], got shape %s".formatted(width, shape));
        }
        int rows = matrix ? OipJson.integer(shape.get(0), -1) : 1;
        if (rows < 1 || rows > Integer.MAX_VALUE / Double.BYTES / width) {
            throw new BadRequestException("Cannot read %s rows at once".formatted(shape.get(0)));
        }
        return rows;
    }

    private float[] fromBytes(JsonNode size, Datatype type, int rows) {
        int needed = rows * width * type.size();
        int sent = body.length - headerLength;
        if (OipJson.integer(size, -1) != needed || sent != needed) {
            throw new BadRequestException("%d bytes are needed behind the JSON, binary_data_size is %s and %d came"
                    .formatted(needed, size, sent));
        }
        ByteBuffer bytes = ByteBuffer.wrap(body, headerLength, needed).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = type.read(bytes);
        }
        return values;
    }

    private float[] fromJson(JsonNode data, Datatype type, int rows) {
        if (type == Datatype.FP16 || type == Datatype.BF16) {
            throw new BadRequestException(type + " exists in binary form only");
        }
        if (body.length != headerLength) {
            throw new BadRequestException("No input has binary_data_size, but %d bytes lie behind the JSON"
                    .formatted(body.length - headerLength));
        }
        boolean nested = data.isArray() && !data.isEmpty() && data.get(0).isArray();
        checkSize(data, nested ? rows : rows * width);
        if (nested) {
            data.forEach(row -> checkSize(row, width));
        }
        float[] values = new float[rows * width];
        if (!nested) {
            fill(data, values, 0);
            return values;
        }
        for (int row = 0; row < rows; row++) {
            fill(data.get(row), values, row * width);
        }
        return values;
    }

    private static void fill(JsonNode numbers, float[] values, int from) {
        int at = from;
        for (JsonNode number : numbers) {
            values[at] = number(number);
            at++;
        }
    }

    private static void checkSize(JsonNode data, int size) {
        if (!data.isArray() || data.size() != size) {
            throw new BadRequestException(
                    data.isArray()
                            ? "A list of %d elements is needed, data has one of %d".formatted(size, data.size())
                            : "A list of %d elements is needed in data".formatted(size));
        }
    }

    private static float number(JsonNode node) {
        if (!node.isNumber()) {
            throw new BadRequestException("data must hold numbers in a flat list or in rows");
        }
        return (float) node.asDouble(Double.NaN); // what no double can hold is refused as not finite
    }

    private static List<RequestedOutput> outputs(JsonNode json) {
        boolean allBinary = flag(json.path("parameters").path("binary_data_output"), false);
        JsonNode asked = json.path("outputs");
        if (asked.isMissingNode() || asked.isNull() || (asked.isArray() && asked.isEmpty())) {
            return Arrays.stream(Output.values())
                    .map(output -> new RequestedOutput(output, allBinary))
                    .toList();
        }
        if (!asked.isArray()) {
            throw new BadRequestException("outputs must be a list");
        }
        List<RequestedOutput> outputs = new ArrayList<>();
        for (JsonNode output : asked) {
            outputs.add(output(output, allBinary));
        }
        return outputs;
    }

    private static RequestedOutput output(JsonNode asked, boolean allBinary) {
        String name = text(asked.path("name"));
        Output output = Output.byName(name)
                .orElseThrow(() -> new BadRequestException(
                        "There is no output %s; a probe gives probability, logit and flagged".formatted(name)));
        JsonNode parameters = asked.path("parameters");
        for (String parameter : NOT_GIVEN) {
            if (parameters.has(parameter)) {
                throw new BadRequestException("Parameter %s is not supported".formatted(parameter));
            }
        }
        return new RequestedOutput(output, flag(parameters.path("binary_data"), allBinary));
    }

    private static boolean flag(JsonNode node, boolean otherwise) {
        if (node.isMissingNode()) {
            return otherwise;
        }
        if (!node.isBoolean()) {
            throw new BadRequestException("binary_data and binary_data_output are true or false, got " + node);
        }
        return node.booleanValue();
    }

    private static String text(JsonNode node) {
        return node.isString() ? node.stringValue() : "";
    }
}
