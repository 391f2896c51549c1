package io.goodhart.probeservice;

import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.db.experiment.Probes;
import io.goodhart.db.queue.ClaimedTask;
import io.goodhart.db.queue.FittedProbe;
import io.goodhart.db.queue.Output;
import io.goodhart.db.queue.TaskQueue;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.probing.Probe;
import io.goodhart.probing.ProbeFile;
import io.goodhart.probing.ReadPoint;
import io.goodhart.storage.ArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.boot.test.context.TestComponent;

/** Publishes probes as the task that fits them does. */
@TestComponent
final class PublishedProbes {
    private final Scenario scenario;
    private final TaskQueue queue;
    private final Probes probes;
    private final ArtifactStore store;

    PublishedProbes(Scenario scenario, TaskQueue queue, Probes probes, ArtifactStore store) {
        this.scenario = scenario;
        this.queue = queue;
        this.probes = probes;
        this.store = store;
    }

    /** Publishes one set and gives the names under which its probes are served. */
    List<String> publish(List<Probe> set) throws IOException {
        String name = UUID.randomUUID().toString();
        scenario.submit(new Graph(name).task(name).run("zeta", 1, name));
        ClaimedTask claim = scenario.claim();
        Path file = Files.createTempFile("probes", ".safetensors");
        ProbeFile.write(file, set);
        ArtifactId artifact = store.put(file);
        Files.delete(file);
        List<FittedProbe> rows = new ArrayList<>();
        for (int i = 0; i < set.size(); i++) {
            ReadPoint point = set.get(i).readPoint();
            rows.add(new FittedProbe(
                    set.get(i).role(),
                    i,
                    set.get(i).fit().kind(),
                    point.site(),
                    point.layer(),
                    point.model(),
                    artifact,
                    GoodhartJson.tree("{}")));
        }
        Output output = new Output(artifact, store.size(artifact), "application/octet-stream");
        queue.succeed(claim.ref(), Map.of("probes", output), rows);
        return probes.list(100, null).items().stream()
                .filter(view -> view.task().equals(claim.ref().task()))
                .sorted(Comparator.comparing(view -> view.probe().index()))
                .map(view -> view.id().toString())
                .toList();
    }
}
