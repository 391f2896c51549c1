package io.goodhart.modelfiles.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.goodhart.domain.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Speaks as much of the Hub's API as models need: one repository, large files by redirect to a second server. */
final class FakeHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final String REPOSITORY = "someone/tiny";

    final Map<String, byte[]> files = new TreeMap<>();
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    final List<String> tokensAtCdn = Collections.synchronizedList(new ArrayList<>());

    /** Answers for the next requests, in order, instead of the right ones: a status, or -n to cut the body after n bytes. */
    final Deque<Integer> faults = new ArrayDeque<>();

    String requiredToken = "";
    String retryAfter = "0";
    boolean metadataInListing = true;
    String cdnScheme = "http";
    byte[] lie = {};

    /** Where large files are, if not at the other server. */
    String elsewhere = "";

    /** Whether a list of files begins and never ends. */
    boolean silent;

    private final CountDownLatch closed = new CountDownLatch(1);

    private final HttpServer hub = server(this::hub);
    private final HttpServer cdn = server(this::cdn);

    private static HttpServer server(com.sun.net.httpserver.HttpHandler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", handler);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    private void hub(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        requests.add(exchange.getRequestMethod() + " " + path + " " + range(exchange));
        String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!requiredToken.isEmpty() && !token.equals("Bearer " + requiredToken)) {
            status(exchange, 401);
        } else if (!faults.isEmpty() && faults.peek() > 0) {
            status(exchange, faults.poll());
        } else if (path.startsWith("/api/models/" + REPOSITORY + "/revision/")) {
            List<String> known = List.of("main", "v1", COMMIT);
            String revision = path.substring(path.lastIndexOf('/') + 1);
            if (silent) {
                beginAndWait(exchange);
            } else if (known.contains(revision)) {
                send(exchange, listing());
            } else {
                status(exchange, 404);
            }
        } else if (path.startsWith("/" + REPOSITORY + "/resolve/" + COMMIT + "/")) {
            file(exchange, path.substring(path.indexOf(COMMIT) + COMMIT.length() + 1));
        } else {
            status(exchange, 404);
        }
    }

    private byte[] listing() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        json.put("id", REPOSITORY).put("sha", COMMIT);
        ArrayNode siblings = json.putArray("siblings");
        files.forEach((name, bytes) -> {
            ObjectNode file = siblings.addObject().put("rfilename", name);
            if (metadataInListing) {
                file.put("size", bytes.length).put("blobId", gitBlob(bytes));
                if (isLarge(name)) {
                    file.putObject("lfs").put("sha256", sha256(bytes)).put("size", bytes.length);
                }
            }
        });
        return JsonMapper.shared().writeValueAsBytes(json);
    }

    private void beginAndWait(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        exchange.close();
    }

    static boolean isLarge(String name) {
        return name.endsWith(".safetensors") || name.endsWith(".bin");
    }

    private void file(HttpExchange exchange, String name) throws IOException {
        byte[] bytes = files.get(name);
        if (bytes == null) {
            status(exchange, 404);
        } else if (isLarge(name)) {
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + sha256(bytes) + '"');
            exchange.getResponseHeaders().set("X-Linked-Size", String.valueOf(bytes.length));
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            elsewhere.isEmpty()
                                    ? "%s://127.0.0.1:%d/%s"
                                            .formatted(
                                                    cdnScheme, cdn.getAddress().getPort(), name)
                                    : elsewhere);
            status(exchange, 302);
        } else {
            exchange.getResponseHeaders().set("ETag", '"' + gitBlob(bytes) + '"');
            send(exchange, bytes);
        }
    }

    private void cdn(HttpExchange exchange) throws IOException {
        String name = exchange.getRequestURI().getPath().substring(1);
        requests.add("CDN " + name + " " + range(exchange));
        tokensAtCdn.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
        byte[] bytes = lie.length > 0 ? lie : files.get(name);
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null) {
            send(exchange, bytes);
            return;
        }
        int from = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes %d-%d/%d".formatted(from, bytes.length - 1, bytes.length));
        body(exchange, 206, Arrays.copyOfRange(bytes, from, bytes.length));
    }

    private static String range(HttpExchange exchange) {
        return String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
    }

    private void send(HttpExchange exchange, byte[] bytes) throws IOException {
        body(exchange, 200, bytes);
    }

    private void body(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
            return;
        }
        exchange.sendResponseHeaders(status, bytes.length);
        boolean cut = !faults.isEmpty()
                && faults.peek() <= 0
                && !exchange.getRequestURI().getPath().startsWith("/api");
        int sent = cut ? Math.min(bytes.length, -faults.poll()) : bytes.length;
        exchange.getResponseBody().write(bytes, 0, sent);
        exchange.getResponseBody().flush();
        exchange.close(); // before the promised length is reached, if it is cut
    }

    private void status(HttpExchange exchange, int status) throws IOException {
        if (status == 429) {
            exchange.getResponseHeaders().set("Retry-After", retryAfter);
        }
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Hashes.sha256().digest(bytes));
    }

    static String gitBlob(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update("blob %d\0".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closed.countDown();
        hub.stop(0);
        cdn.stop(0);
    }
}
