package io.goodhart.probeservice.oip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.probeservice.oip.InferRequest.RequestedOutput;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InferRequestReaderTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "FP32, 0000803f 000000c0 0000003f",
                "FP16, 003c 00c0 0038",
                "BF16, 803f 00c0 003f",
                "FP64, 000000000000f03f 00000000000000c0 000000000000e03f"
            })
    void bytesOfEveryDatatypeAreLittleEndian(String datatype, String hex) {
        byte[] json = Requests.binary(datatype, 1, 3, hex.replace(" ", "").length() / 2);
        InferRequest request = read(Requests.withTail(json, hex), json.length);
        assertThat(request.activations().valuesND()).containsExactly(1f, -2f, 0.5f);
        assertThat(request.activations().n()).isEqualTo(1);
        assertThat(request.id()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"[2,3]|[1,2,3,4,5,6]", "[2,3]|[[1,2,3],[4,5,6]]"})
    void dataIsFlatOrInRows(String shape, String data) {
        assertThat(readPlain(shape, "FP64", data).activations().valuesND()).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
    }

    @Test
    void oneRowMayComeWithoutItsAxis() {
        assertThat(readPlain("[3]", "FP32", "[1,2,3]").activations().n()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[2,3]|FP32|[1,2,3,4,5]|6 elements",
                "[2,3]|FP32|[[1,2],[3,4],[5,6]]|2 elements",
                "[3,2]|FP32|[1,2,3,4,5,6]|reads [N, 3]",
                "[1,2,3]|FP32|[1,2,3,4,5,6]|reads [N, 3]",
                "['1',3]|FP32|[1,2,3]|rows",
                "[0,3]|FP32|[]|0 rows",
                "[-1,3]|FP32|[]|-1 rows",
                "[1.5,3]|FP32|[1,2,3]|1.5 rows",
                "[2000000000,3]|FP32|[1]|2000000000 rows",
                "[89000000,3]|FP32|[1]|267000000 elements",
                "[1,3]|FP32|[1,2,'3']|numbers",
                "[1,3]|FP32|[1,2,null]|numbers",
                "[1,3]|FP32|[[1,2,[3]]]|numbers",
                "[1,3]|FP32|{'a':1}|list",
                "[1,3]|FP32|7|list",
                "[1,3]|FP32|[1,2,NaN]|not JSON",
                "[1,3]|FP32|[1,2,1e39]|finite",
                "[1,3]|FP64|[1,2,1e999]|finite",
                "[1,3]|FP16|[1,2,3]|binary form only",
                "[1,3]|BF16|[1,2,3]|binary form only",
                "[1,3]|INT32|[1,2,3]|INT32 is not read",
                "[1,3]|fp32|[1,2,3]|fp32 is not read"
            })
    void whatDoesNotFitIsRefusedByName(String shape, String datatype, String data, String message) {
        refuses(() -> readPlain(shape, datatype, data), message);
    }

    @Test
    void aWholeNumberBeyondEveryDoubleIsRefused() {
        refuses(() -> readPlain("[3]", "FP64", "[1,2,1" + "0".repeat(400) + "]"), "finite");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0000803f 000000c0|12 bytes are needed",
                "0000803f 000000c0 0000003f 00|12 bytes are needed",
                "0000803f 000000c0 0000c07f|finite",
                "0000803f 000000c0 0000807f|finite"
            })
    void bytesThatAreTooFewTooManyOrNotFiniteAreRefused(String hex, String message) {
        byte[] json = Requests.binary("FP32", 1, 3, 12);
        refuses(() -> read(Requests.withTail(json, hex), json.length), message);
    }

    @Test
    void aSizeThatIsNotTheTensorsIsRefused() {
        byte[] json = Requests.binary("FP32", 1, 3, 11);
        refuses(
                () -> read(Requests.withTail(json, "0000803f 000000c0 0000003f"), json.length),
                "binary_data_size is 11");
    }

    @Test
    void bytesThatNoInputOwnsAreRefused() {
        byte[] json = Requests.plain("[3]", "FP32", "[1,2,3]");
        refuses(() -> read(Requests.withTail(json, "00"), json.length), "1 bytes lie behind");
    }

    @Test
    void aHeaderLengthBeyondTheBodyIsRefused() {
        byte[] json = Requests.plain("[3]", "FP32", "[1,2,3]");
        refuses(() -> read(json, json.length + 1), "Inference-Header-Content-Length");
        refuses(() -> read(json, -1), "Inference-Header-Content-Length");
        refuses(() -> read(json, 3), "not JSON");
        refuses(() -> read(json, 0), "Exactly one input");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|Exactly one input",
                "[]|Exactly one input",
                "7|Exactly one input",
                "{'inputs': []}|Exactly one input",
                "{'inputs': [{}, {}]}|Exactly one input",
                "{'inputs': [7]}|called activations",
                "{'inputs': [{'name': 'x'}]}|called activations",
                "{'inputs': [{'name': 'activations'}]}|Datatype",
                "{'inputs': [{'name': 'activations', 'datatype': 'FP32'}]}|reads [N, 3]",
                "{'id': 7, 'inputs': [{'name': 'activations'}]}|id must be a string",
                "{'inputs'|not JSON",
                "{} {}|not JSON"
            })
    void whatIsNoRequestIsRefused(String json, String message) {
        byte[] body = Requests.json(json);
        refuses(() -> read(body, body.length), message);
    }

    @Test
    void withoutAWishAllOutputsComeAsJson() {
        assertThat(outputs("'outputs': []"))
                .containsExactly(
                        new RequestedOutput(Output.PROBABILITY, false),
                        new RequestedOutput(Output.LOGIT, false),
                        new RequestedOutput(Output.FLAGGED, false));
    }

    @Test
    void outputsComeInTheOrderAndFormThatIsAskedFor() {
        assertThat(outputs("""
                        'parameters': {'binary_data_output': true}, 'outputs': [{'name': 'flagged'},
                        {'name': 'logit', 'parameters': {'binary_data': false}}]"""))
                .containsExactly(new RequestedOutput(Output.FLAGGED, true), new RequestedOutput(Output.LOGIT, false));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'outputs': [{'name': 'entropy'}]|no output entropy",
                "'outputs': [{}]|no output",
                "'outputs': {}|must be a list",
                "'outputs': [{'name': 'logit', 'parameters': {'classification': 2}}]|classification is not supported",
                "'outputs': [{'name': 'logit', 'parameters': {'binary_data': 'yes'}}]|true or false"
            })
    void outputsThatCannotBeGivenAreRefused(String outputs, String message) {
        refuses(() -> outputs(outputs), message);
    }

    private static List<RequestedOutput> outputs(String members) {
        byte[] body = Requests.json(
                "{%s, 'inputs': [{'name': 'activations', 'shape': [3], 'datatype': 'FP32', 'data': [1,2,3]}]}"
                        .formatted(members));
        return read(body, body.length).outputs();
    }

    private static InferRequest readPlain(String shape, String datatype, String data) {
        byte[] body = Requests.plain(shape, datatype, data);
        return read(body, body.length);
    }

    private static InferRequest read(byte[] body, int headerLength) {
        return new InferRequestReader(body, headerLength, 3).read();
    }

    private static void refuses(ThrowingCallable call, String message) {
        assertThatExceptionOfType(BadRequestException.class).isThrownBy(call).withMessageContaining(message);
    }
}
