package io.goodhart.modelfiles.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.modelfiles.source.HubModels.Fetched;
import io.goodhart.modelfiles.source.HubSettings.Mode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HubModelsTest {
    private static final HubReference MAIN = HubReference.parse("hf://" + FakeHub.REPOSITORY, "source");
    private static final int WEIGHTS = 300_000;

    @TempDir
    Path cache;

    private final FakeHub hub = new FakeHub();

    @BeforeEach
    void aRepository() {
        hub.files.put("config.json", "{\"model_type\": \"x\"}".getBytes(StandardCharsets.UTF_8));
        hub.files.put("tokenizer.json", "{}".getBytes(StandardCharsets.UTF_8));
        hub.files.put("README.md", "not needed".getBytes(StandardCharsets.UTF_8));
        hub.files.put("pytorch_model.bin", new byte[10]);
        hub.files.put("model.safetensors", bytes(WEIGHTS));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) (i * 31 + i / 256);
        }
        return bytes;
    }

    private HubModels models(Mode mode, String token) {
        return models(mode, token, Duration.ofSeconds(10));
    }

    private HubModels models(Mode mode, String token, Duration timeout) {
        return new HubModels(
                cache,
                new HubSettings(
                        hub.address(),
                        Optional.of(token).filter(t -> !t.isEmpty()),
                        mode,
                        4,
                        Duration.ofMillis(1),
                        timeout));
    }

    private Fetched fetch(HubReference reference) throws IOException {
        try (HubModels models = models(Mode.ONLINE, "")) {
            return models.fetch(reference, (_, _) -> {});
        }
    }

    private void assertRefused(HubReference reference, String code) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> fetch(reference))
                .satisfies(e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.problems().getFirst().field()).isEqualTo("source");
                });
        assertThat(cache.resolve("someone--tiny")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aModelIsFetchedWithWhatItNeedsAndNothingElse(boolean metadataInListing) throws IOException {
        hub.metadataInListing = metadataInListing;
        Fetched fetched = fetch(MAIN);
        assertThat(fetched.commit()).isEqualTo(FakeHub.COMMIT);
        try (Stream<Path> files = Files.list(fetched.directory())) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "tokenizer.json", "model.safetensors");
        }
        assertThat(fetched.directory().resolve("model.safetensors")).hasBinaryContent(bytes(WEIGHTS));
    }

    @Test
    void whatIsInTheCacheIsNotFetchedAgain() throws IOException {
        Fetched first = fetch(MAIN);
        hub.requests.clear();
        assertThat(fetch(HubReference.parse(MAIN.toString().replace("main", FakeHub.COMMIT), "source")))
                .isEqualTo(first);
        assertThat(hub.requests).isEmpty();
        assertThat(fetch(MAIN)).isEqualTo(first);
        assertThat(hub.requests).hasSize(1); // which commit main is now
    }

    @Test
    void aCutConnectionIsContinuedWhereItEnded() throws IOException {
        hub.files.keySet().removeAll(List.of("tokenizer.json", "config.json"));
        hub.faults.addAll(List.of(-100_000, -50_000));
        List<Long> progress = new ArrayList<>();
        try (HubModels models = models(Mode.ONLINE, "")) {
            Fetched fetched = models.fetch(MAIN, (bytes, _) -> progress.add(bytes));
            assertThat(fetched.directory().resolve("model.safetensors")).hasBinaryContent(bytes(WEIGHTS));
        }
        List<String> asked =
                hub.requests.stream().filter(r -> r.startsWith("CDN")).toList();
        assertThat(asked).hasSize(3);
        assertThat(asked.get(0)).endsWith("null");
        assertThat(asked.get(1)).contains("bytes=");
        assertThat(progress).isSorted().last().isEqualTo((long) WEIGHTS);
    }

    @Test
    void aDownloadThatEndedContinuesInTheNextProcess() throws IOException {
        hub.files.keySet().removeAll(List.of("tokenizer.json", "config.json"));
        hub.faults.addAll(List.of(-100_000, 503, 503, 503));
        assertRefused(MAIN, "hub_unavailable");
        hub.requests.clear();
        fetch(MAIN);
        assertThat(hub.requests)
                .filteredOn(r -> r.startsWith("CDN"))
                .singleElement()
                .asString()
                .contains("bytes=");
    }

    @ParameterizedTest
    @CsvSource({"401, hub_not_authorized", "403, hub_not_authorized", "404, hub_not_found", "418, hub_unavailable"})
    void aRefusalIsFinal(int status, String code) {
        hub.faults.add(status);
        assertRefused(MAIN, code);
        assertThat(hub.requests).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"429, hub_rate_limited", "500, hub_unavailable", "503, hub_unavailable"})
    void whatMayPassIsTriedAgainAndNotForEver(int status, String code) throws IOException {
        hub.faults.addAll(List.of(status, status, status, status));
        assertRefused(MAIN, code);
        assertThat(hub.requests).hasSize(4);
        hub.faults.addAll(List.of(status, status));
        assertThat(fetch(MAIN).commit()).isEqualTo(FakeHub.COMMIT);
    }

    @Test
    void whoIsToldToWaitTooLongIsToldSoAtOnce() {
        hub.retryAfter = "3600";
        hub.faults.add(429);
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> fetch(MAIN))
                .withMessageContaining("Register it again after 3600 seconds");
        assertThat(hub.requests).hasSize(1);
    }

    @Test
    void nobodyThereIsAClearRefusal() {
        hub.close();
        assertRefused(MAIN, "hub_unavailable");
    }

    @Test
    void anUnknownRevisionIsRefusedByName() {
        assertRefused(HubReference.parse("hf://someone/tiny@nothing", "source"), "hub_not_found");
    }

    @Test
    void wrongBytesAreThrownAway() throws IOException {
        hub.lie = new byte[WEIGHTS];
        assertRefused(MAIN, "hub_checksum_mismatch");
        hub.lie = new byte[0];
        assertThat(fetch(MAIN).directory().resolve("model.safetensors")).hasBinaryContent(bytes(WEIGHTS));
    }

    @Test
    void moreBytesThanPromisedAreNotTaken() {
        hub.lie = bytes(WEIGHTS + 1);
        assertRefused(MAIN, "hub_checksum_mismatch");
    }

    @Test
    void theTokenIsSentToTheHubAndToNobodyElse() throws IOException {
        hub.requiredToken = "hf_secret";
        assertRefused(MAIN, "hub_not_authorized");
        try (HubModels models = models(Mode.ONLINE, "hf_secret")) {
            models.fetch(MAIN, (_, _) -> {});
        }
        assertThat(hub.tokensAtCdn).isNotEmpty().containsOnly("null");
        assertThat(new HubSettings(
                                hub.address(), Optional.of("hf_secret"), Mode.ONLINE, 1, Duration.ZERO, Duration.ZERO)
                        .toString())
                .doesNotContain("secret");
    }

    @Test
    void aRedirectToSomethingElseThanHttpIsNotFollowed() {
        hub.cdnScheme = "ftp";
        assertRefused(MAIN, "hub_redirect_refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"169.254.169.254", "10.0.0.1", "[fd00::1]", "[fe80::1]"})
    void aRedirectIntoAnotherNetworkIsNotFollowed(String host) {
        hub.elsewhere = "http://%s/latest".formatted(host);
        assertRefused(MAIN, "hub_redirect_refused");
    }

    @Test
    void aListThatStopsComingIsNotWaitedFor() throws IOException {
        hub.silent = true;
        try (HubModels models = models(Mode.ONLINE, "", Duration.ofMillis(50))) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> models.fetch(MAIN, (_, _) -> {}))
                    .withMessageContaining("nothing more came for PT0.05S")
                    .extracting(InvalidInputException::code)
                    .isEqualTo("hub_unavailable");
        }
    }

    @Test
    void whatIsRefusedForGoodLeavesNothing() throws IOException {
        hub.lie = new byte[WEIGHTS];
        assertRefused(MAIN, "hub_checksum_mismatch");
        try (Stream<Path> files = Files.walk(cache)) {
            assertThat(files.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void shardsAreThoseThatTheIndexNames() throws IOException {
        hub.files.remove("model.safetensors");
        hub.files.put("model-00001-of-00002.safetensors", bytes(1000));
        hub.files.put("model-00002-of-00002.safetensors", bytes(2000));
        hub.files.put("other.safetensors", bytes(10));
        hub.files.put("model.safetensors.index.json", """
                {"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}""".getBytes(StandardCharsets.UTF_8));
        Path directory = fetch(MAIN).directory();
        assertThat(directory.resolve("model-00002-of-00002.safetensors")).hasBinaryContent(bytes(2000));
        assertThat(directory.resolve("other.safetensors")).doesNotExist();
    }

    @Test
    void anIndexCannotNameAFileElsewhere() {
        hub.files.remove("model.safetensors");
        hub.files.put(
                "model.safetensors.index.json",
                "{\"weight_map\": {\"a\": \"../../x.safetensors\"}}".getBytes(StandardCharsets.UTF_8));
        assertRefused(MAIN, "weights_invalid");
    }

    @Test
    void picklesAreNotWeights() {
        hub.files.remove("model.safetensors");
        assertRefused(MAIN, "weights_not_safetensors");
    }

    @Test
    void offlineOnlyTheCacheIsUsed() throws IOException {
        try (HubModels models = models(Mode.OFFLINE, "")) {
            assertThatExceptionOfType(InvalidInputException.class)
                    .isThrownBy(() -> models.fetch(MAIN, (_, _) -> {}))
                    .extracting(InvalidInputException::code)
                    .isEqualTo("hub_offline");
            Fetched fetched = fetch(MAIN);
            hub.close();
            assertThat(models.fetch(MAIN, (_, _) -> {})).isEqualTo(fetched);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf://x",
                "hf://a/b/c",
                "hf://a/../b",
                "hf://a/b@",
                "hf://a/b@x y",
                "hf://a/b@../x",
                "hf:///b",
                "a/b"
            })
    void whatIsNoReferenceIsRefused(String text) {
        assertThatExceptionOfType(InvalidInputException.class)
                .isThrownBy(() -> HubReference.parse(text, "source"))
                .extracting(InvalidInputException::code)
                .isEqualTo("source_invalid");
    }
}
