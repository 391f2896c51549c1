package io.goodhart.api.fake;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.goodhart.domain.Hashes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Serves one directory as the model {@code someone/tiny}; says nothing of its files but their hashes. */
public final class MiniHub implements AutoCloseable {
    public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    private final Path directory;
    private final HttpServer server;

    public MiniHub(Path directory) {
        this.directory = directory;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Path file = directory.resolve(String.valueOf(Path.of(path).getFileName()));
        if (path.equals("/api/models/someone/tiny/revision/main")) {
            send(exchange, listing());
        } else if (path.startsWith("/someone/tiny/resolve/" + COMMIT + "/") && Files.isRegularFile(file)) {
            byte[] bytes = Files.readAllBytes(file);
            exchange.getResponseHeaders()
                    .set("ETag", '"' + HexFormat.of().formatHex(Hashes.sha256().digest(bytes)) + '"');
            send(exchange, bytes);
        } else {
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        }
    }

    private byte[] listing() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            String siblings = files.map(file -> "{\"rfilename\": \"%s\"}".formatted(file.getFileName()))
                    .collect(Collectors.joining(", "));
            return "{\"sha\": \"%s\", \"siblings\": [%s]}"
                    .formatted(COMMIT, siblings)
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static void send(HttpExchange exchange, byte[] bytes) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(bytes.length));
        }
        exchange.sendResponseHeaders(200, head ? -1 : bytes.length);
        if (!head) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
