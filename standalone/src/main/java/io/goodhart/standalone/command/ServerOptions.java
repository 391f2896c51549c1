package io.goodhart.standalone.command;

import io.goodhart.standalone.server.ServerSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server of this process keeps its data, and how many workers it has. */
final class ServerOptions {
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where database and artifacts are kept. Default: $GOODHART_DATA, else .goodhart in the home directory.")
    @Nullable
    private Path data;

    @Option(
            names = "--files",
            paramLabel = "DIR",
            description = "Root of the models and data that specifications name. Default: the project's directory.")
    @Nullable
    private Path files;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "Worker processes. Default: one for each two processors, at least two where there are two.")
    @Nullable
    private Integer workers;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of each worker. Default: processors / workers.")
    @Nullable
    private Integer threads;

    ServerSettings settings(int port) {
        int processors = Runtime.getRuntime().availableProcessors();
        int count = workers == null ? Math.clamp(processors / 2, Math.min(2, processors), 8) : workers;
        int each = threads == null ? Math.max(1, processors / count) : threads;
        if (count < 1 || each < 1) {
            throw new CommandFailedException(2, "--workers and --threads must be at least 1");
        }
        return new ServerSettings(port, data == null ? defaultData() : data.toAbsolutePath(), root(), count, each);
    }

    private Path root() {
        if (files != null) {
            return files.toAbsolutePath().normalize();
        }
        return Path.of(System.getProperty("goodhart.home", "."))
                .toAbsolutePath()
                .normalize();
    }

    private static Path defaultData() {
        String configured = System.getenv("GOODHART_DATA");
        return configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".goodhart")
                : Path.of(configured).toAbsolutePath();
    }
}
