package io.goodhart.standalone.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ServerSettingsTest {
    private final ServerSettings settings = new ServerSettings(0, Path.of("/data"), Path.of("/files"), 2, 1);

    @Test
    void everythingThatIsKeptLiesUnderTheDataDirectory() {
        assertThat(settings.arguments("jdbc:x", "secret"))
                .contains(
                        "--goodhart.storage.directory=/data/artifacts",
                        "--goodhart.worker.directory=/data/work",
                        "--logging.file.name=/data/logs/goodhart.log");
        assertThat(settings.database()).isEqualTo(Path.of("/data/postgres"));
    }

    @Test
    void serverListensOnTheLoopbackInterfaceAlone() {
        assertThat(settings.arguments("jdbc:x", "secret")).contains("--server.address=127.0.0.1", "--server.port=0");
    }
}
