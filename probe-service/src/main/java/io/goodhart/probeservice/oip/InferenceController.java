package io.goodhart.probeservice.oip;

import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.model.Site;
import io.goodhart.probeservice.catalog.ProbeCatalog;
import io.goodhart.probeservice.catalog.ServedProbe;
import io.goodhart.probeservice.oip.ServiceHealth.Group;
import io.goodhart.probeservice.refusal.Bodies;
import io.goodhart.probing.ReadPoint;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Every fitted probe as a model of the Open Inference Protocol v2. */
@RestController
@RequestMapping("/v2")
class InferenceController {
    static final String HEADER_LENGTH = "Inference-Header-Content-Length";

    private final ProbeCatalog catalog;
    private final Bodies bodies;
    private final ServiceHealth health;

    InferenceController(ProbeCatalog catalog, Bodies bodies, ServiceHealth health) {
        this.catalog = catalog;
        this.bodies = bodies;
        this.health = health;
    }

    @GetMapping
    ResponseEntity<byte[]> server() {
        Map<String, Object> server = new LinkedHashMap<>();
        server.put("name", "goodhart");
        server.put("version", "0.1.0");
        server.put("extensions", List.of("binary_tensor_data"));
        return json(HttpStatus.OK, server);
    }

    @GetMapping("/health/live")
    ResponseEntity<byte[]> live() {
        return health(Group.LIVE, "live");
    }

    @GetMapping("/health/ready")
    ResponseEntity<byte[]> ready() {
        return health(Group.READY, "ready");
    }

    private ResponseEntity<byte[]> health(Group group, String name) {
        boolean up = health.isUp(group);
        return json(up ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE, Map.of(name, up));
    }

    @GetMapping({"/models/{name}", "/models/{name}/versions/{version}"})
    ResponseEntity<byte[]> model(@PathVariable String name, @PathVariable(required = false) @Nullable String version) {
        ServedProbe served = find(name, version);
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("name", served.name());
        model.put("versions", List.of(InferResponse.VERSION));
        model.put("platform", "goodhart_probe");
        model.put(
                "inputs",
                List.of(tensor(
                        InferRequestReader.INPUT,
                        Datatype.FP32.name(),
                        List.of(-1, served.probe().fit().d()))));
        model.put(
                "outputs",
                Arrays.stream(Output.values())
                        .map(output -> tensor(
                                output.wireName(),
                                output.datatype(),
                                List.of(served.probe().readsTokens() ? 1 : -1)))
                        .toList());
        model.put("parameters", parameters(served));
        return json(HttpStatus.OK, model);
    }

    @GetMapping({"/models/{name}/ready", "/models/{name}/versions/{version}/ready"})
    ResponseEntity<byte[]> modelReady(
            @PathVariable String name, @PathVariable(required = false) @Nullable String version) {
        Map<String, Object> readiness = new LinkedHashMap<>();
        readiness.put("name", find(name, version).name());
        readiness.put("ready", true);
        return json(HttpStatus.OK, readiness);
    }

    @PostMapping({"/models/{name}/infer", "/models/{name}/versions/{version}/infer"})
    ResponseEntity<byte[]> infer(
            @PathVariable String name,
            @PathVariable(required = false) @Nullable String version,
            @RequestHeader(name = HEADER_LENGTH, required = false) @Nullable String headerLength,
            HttpServletRequest request)
            throws IOException {
        ServedProbe served = find(name, version);
        byte[] body = bodies.read(request);
        int jsonLength = headerLength == null ? body.length : length(headerLength);
        InferRequest inference =
                new InferRequestReader(body, jsonLength, served.probe().fit().d()).read();
        InferResponse response = InferResponse.of(served.name(), served.probe(), inference);
        if (!response.hasBinary()) {
            return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(response.body());
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_OCTET_STREAM)
                .header(HEADER_LENGTH, Integer.toString(response.jsonLength()))
                .body(response.body());
    }

    /** Everything else under {@code /v2}, so that its errors too have the protocol's form. */
    @RequestMapping("/**")
    ResponseEntity<byte[]> anythingElse(HttpServletRequest request) {
        throw new NotFoundException("There is no %s %s".formatted(request.getMethod(), request.getRequestURI()));
    }

    private static int length(String header) {
        try {
            return Integer.parseInt(header.strip());
        } catch (NumberFormatException e) {
            throw new BadRequestException(HEADER_LENGTH + " must be a number of bytes, got " + header, e);
        }
    }

    private ServedProbe find(String name, @Nullable String version) {
        if (version != null && !version.equals(InferResponse.VERSION)) {
            throw new NotFoundException("Probe %s has version %s only".formatted(name, InferResponse.VERSION));
        }
        return catalog.probe(name);
    }

    private static ResponseEntity<byte[]> json(HttpStatus status, Map<String, Object> body) {
        return ResponseEntity.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .body(OipJson.write(body));
    }

    private static Map<String, Object> tensor(String name, String datatype, List<Integer> shape) {
        Map<String, Object> tensor = new LinkedHashMap<>();
        tensor.put("name", name);
        tensor.put("datatype", datatype);
        tensor.put("shape", shape);
        return tensor;
    }

    private static Map<String, Object> parameters(ServedProbe served) {
        ReadPoint point = served.probe().readPoint();
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("kind", lower(served.probe().fit().kind()));
        parameters.put("role", lower(served.probe().role()));
        parameters.put("model", point.model().path());
        parameters.put("model_sha256", point.model().sha256());
        parameters.put("site", point.site().wireName());
        if (point.site() != Site.FINAL_NORM) {
            parameters.put("layer", point.layer());
        }
        parameters.put("pooling", lower(point.pooling()));
        parameters.put("rows", served.probe().readsTokens() ? "tokens_of_one_text" : "pooled_texts");
        parameters.put("aggregation", lower(served.probe().aggregation()));
        parameters.put(
                "aggregations",
                served.probe().readsTokens()
                        ? served.probe().calibrations().keySet().stream()
                                .map(InferenceController::lower)
                                .toList()
                        : List.of());
        parameters.put("slope", served.probe().calibration().slope());
        parameters.put("intercept", served.probe().calibration().intercept());
        parameters.put("threshold", served.probe().threshold());
        return parameters;
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
