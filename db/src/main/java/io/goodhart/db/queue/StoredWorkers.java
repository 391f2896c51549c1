package io.goodhart.db.queue;

import java.time.Duration;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Workers as rows; written by the database's clock. */
@Component
final class StoredWorkers implements Workers {
    private final JdbcClient jdbc;
    private final WorkerRepository repository;

    StoredWorkers(JdbcClient jdbc, WorkerRepository repository) {
        this.jdbc = jdbc;
        this.repository = repository;
    }

    @Override
    public void register(WorkerId id, String name, String device, long memoryBytes) {
        jdbc.sql("insert into worker (id, name, device, memory_bytes) values (:id, :name, :device, :memoryBytes)")
                .param("id", id.value())
                .param("name", name)
                .param("device", device)
                .param("memoryBytes", memoryBytes)
                .update();
    }

    @Override
    public void beat(WorkerId id) {
        int rows = jdbc.sql("update worker set last_seen = now() where id = :id")
                .param("id", id.value())
                .update();
        if (rows == 0) {
            throw new IllegalStateException("Worker " + id.value() + " is not registered");
        }
    }

    @Override
    public void deregister(WorkerId id) {
        jdbc.sql("delete from worker where id = :id").param("id", id.value()).update();
    }

    @Override
    public List<WorkerInfo> live(Duration within) {
        return repository.seenWithin(within.toMillis() / 1000.0).stream()
                .map(WorkerEntity::info)
                .toList();
    }
}
