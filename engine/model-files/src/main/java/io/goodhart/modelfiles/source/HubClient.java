package io.goodhart.modelfiles.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Hub's HTTP API, as far as models are concerned: what a revision holds, and the bytes of its files. */
final class HubClient implements AutoCloseable {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int CHUNK = 1 << 16;
    private static final int LONGEST_LISTING = 32 << 20;

    private final HubSettings settings;
    private final HubHttp http;

    HubClient(HubSettings settings) {
        this.settings = settings;
        this.http = new HubHttp(settings);
    }

    /** A revision as it was when it was asked for. */
    record Revision(String commit, List<Sibling> siblings) {}

    /** A file that a revision lists; what the listing does not say of it is asked for when the file is wanted. */
    record Sibling(String path, Optional<Long> bytes, Optional<Checksum> checksum) {}

    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /** The commit that a revision names now, and its files. */
    Revision revision(HubReference reference) throws IOException {
        URI uri = URI.create("%s/api/models/%s/revision/%s?blobs=true"
                .formatted(base(), reference.repository(), encoded(reference.revision())));
        String what = "model " + reference;
        JsonNode json = http.get(uri, Map::of, what, response -> {
            try (InputStream body = new StallGuard(response.body(), settings.timeout())) {
                return parse(bounded(body), what);
            }
        });
        String commit = json.path("sha").asString("");
        if (!isCommit(commit) || !json.path("siblings").isArray()) {
            throw Refusals.of(
                    "hub_answer_invalid", "The Hub's answer for %s has no commit or no files".formatted(what));
        }
        List<Sibling> siblings = new ArrayList<>();
        json.path("siblings").forEach(file -> siblings.add(sibling(file)));
        return new Revision(commit, siblings);
    }

    private static byte[] bounded(InputStream body) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
            bytes.write(chunk, 0, count);
            if (bytes.size() > LONGEST_LISTING) {
                throw Refusals.of("hub_answer_invalid", "The Hub's answer is longer than any list of files");
            }
        }
        return bytes.toByteArray();
    }

    private static JsonNode parse(byte[] bytes, String what) {
        try {
            return JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            throw Refusals.of("hub_answer_invalid", "The Hub's answer for %s is not JSON".formatted(what));
        }
    }

    private static Sibling sibling(JsonNode file) {
        JsonNode lfs = file.path("lfs");
        String sha256 =
                lfs.path("sha256").asString(lfs.path("oid").asString("")).replaceFirst("^sha256:", "");
        String blob = file.path("blobId").asString(file.path("oid").asString(""));
        JsonNode size = lfs.path("size").isIntegralNumber() ? lfs.path("size") : file.path("size");
        return new Sibling(
                file.path("rfilename").asString(file.path("path").asString("")),
                size.isIntegralNumber() ? Optional.of(size.asLong()) : Optional.empty(),
                lfs.isObject() ? checksum(sha256) : checksum(blob));
    }

    /** A checksum by what it looks like: the Hub's entity tags are one of the two, in quotes. */
    private static Optional<Checksum> checksum(String text) {
        String hex = text.replaceFirst("^W/", "").replace("\"", "");
        if (SHA256.matcher(hex).matches()) {
            return Optional.of(new Checksum(Checksum.Kind.SHA256, hex));
        }
        return COMMIT.matcher(hex).matches()
                ? Optional.of(new Checksum(Checksum.Kind.GIT_BLOB, hex))
                : Optional.empty();
    }

    /** A listed file with its size and checksum. */
    RemoteFile describe(HubReference reference, String commit, Sibling file) throws IOException {
        if (file.bytes().isPresent() && file.checksum().isPresent()) {
            return new RemoteFile(
                    file.path(), file.bytes().get(), file.checksum().get());
        }
        HttpHeaders headers = http.head(address(reference, commit, file.path()), file.path() + " of " + reference);
        Checksum checksum = file.checksum()
                .or(() -> headers.firstValue("X-Linked-Etag").flatMap(HubClient::checksum))
                .or(() -> headers.firstValue("ETag").flatMap(HubClient::checksum))
                .orElseThrow(() -> Refusals.of("hub_answer_invalid", "The Hub gives no checksum for " + file.path()));
        long bytes = file.bytes()
                .or(() -> headers.firstValue("X-Linked-Size")
                        .or(() -> headers.firstValue("Content-Length"))
                        .filter(text -> text.matches("\\d{1,18}"))
                        .map(Long::parseLong))
                .orElseThrow(() -> Refusals.of("hub_answer_invalid", "The Hub gives no size for " + file.path()));
        return new RemoteFile(file.path(), bytes, checksum);
    }

    /** Brings a file here; what an earlier attempt has left of it is kept and only the rest is asked for. */
    void download(HubReference reference, String commit, RemoteFile file, Path target, LongConsumer bytesHere)
            throws IOException {
        String what = file.path() + " of " + reference;
        if (Files.exists(target) && Files.size(target) > file.bytes()) {
            Files.delete(target);
        }
        if (!Files.exists(target) || Files.size(target) < file.bytes()) {
            http.get(address(reference, commit, file.path()), () -> range(target), what, response -> {
                append(response, file, target, bytesHere);
                return target;
            });
        }
        if (!file.checksum().matches(target)) {
            Files.delete(target);
            throw Refusals.of(
                    "hub_checksum_mismatch",
                    "%s is not what the Hub says it is: its %s differs"
                            .formatted(what, file.checksum().kind()));
        }
    }

    private static Map<String, String> range(Path target) throws IOException {
        long here = Files.exists(target) ? Files.size(target) : 0;
        return here == 0 ? Map.of() : Map.of("Range", "bytes=%d-".formatted(here));
    }

    private void append(HttpResponse<InputStream> response, RemoteFile file, Path target, LongConsumer bytesHere)
            throws IOException {
        boolean continues = response.statusCode() == 206 && startsAt(response, target);
        try (FileChannel out = open(target, continues);
                InputStream body = new StallGuard(response.body(), settings.timeout())) {
            long here = continues ? Files.size(target) : 0;
            byte[] chunk = new byte[CHUNK];
            for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
                here += count;
                if (here > file.bytes()) {
                    throw Refusals.of("hub_checksum_mismatch", file.path() + " is longer than the Hub says it is");
                }
                write(out, chunk, count);
                bytesHere.accept(here);
            }
            if (here < file.bytes()) {
                throw new IOException("The connection ended after %d of %d bytes".formatted(here, file.bytes()));
            }
        }
    }

    /** A part is only appended where it belongs; any other one is taken from its beginning. */
    private static boolean startsAt(HttpResponse<InputStream> response, Path target) throws IOException {
        String range = response.headers().firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes %d-".formatted(Files.exists(target) ? Files.size(target) : 0))) {
            Files.deleteIfExists(target);
            throw new IOException("The Hub sent another part than was asked for: " + range);
        }
        return true;
    }

    private static FileChannel open(Path target, boolean continues) {
        try {
            return FileChannel.open(
                    target,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    continues ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write " + target, e);
        }
    }

    private static void write(FileChannel out, byte[] chunk, int count) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write a download", e);
        }
    }

    private URI address(HubReference reference, String commit, String path) {
        return URI.create("%s/%s/resolve/%s/%s"
                .formatted(base(), reference.repository(), commit, encoded(path).replace("%2F", "/")));
    }

    private String base() {
        return settings.endpoint().toString().replaceFirst("/+$", "");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
    }
}
