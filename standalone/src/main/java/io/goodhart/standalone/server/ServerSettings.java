package io.goodhart.standalone.server;

import io.goodhart.standalone.database.EmbeddedDatabase;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the services run in one process.
 *
 * @param port port on the loopback interface; 0 for any free one
 * @param data where database, artifacts, work files and logs are kept
 * @param files root of models and data
 * @param workers worker processes; 0 to answer questions only
 * @param threads threads of each worker
 */
public record ServerSettings(int port, Path data, Path files, int workers, int threads) {
    /** The same without workers: nothing is computed. */
    public ServerSettings withoutWorkers() {
        return new ServerSettings(port, data, files, 0, threads);
    }

    /** Data directory of PostgreSQL. */
    public Path database() {
        return data.resolve("postgres");
    }

    /** The services' log. */
    public Path log() {
        return data.resolve("logs").resolve("goodhart.log");
    }

    /** What Spring is told, as arguments: they lie over the services' own defaults. */
    String[] arguments(String jdbcUrl, String password) {
        return properties(jdbcUrl, password).entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
    }

    private Map<String, Object> properties(String jdbcUrl, String password) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("server.port", port);
        properties.put("server.address", "127.0.0.1");
        properties.put("spring.datasource.url", jdbcUrl);
        properties.put("spring.datasource.username", EmbeddedDatabase.USER);
        properties.put("spring.datasource.password", password);
        properties.put("goodhart.files.root", files.toString());
        properties.put("goodhart.storage.directory", data.resolve("artifacts").toString());
        properties.put("goodhart.worker.directory", data.resolve("work").toString());
        properties.put(
                "goodhart.api.tasks.logs", data.resolve("work").resolve("logs").toString());
        properties.put("goodhart.worker.count", workers);
        properties.put("goodhart.worker.threads", threads);
        properties.put("goodhart.probe-service.threads", threads);
        properties.put("springdoc.packages-to-scan", "io.goodhart.api,io.goodhart.probeservice.score");
        properties.put("logging.file.name", log().toString());
        properties.put("logging.threshold.console", "off");
        return properties;
    }
}
