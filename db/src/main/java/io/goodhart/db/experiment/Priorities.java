package io.goodhart.db.experiment;

import io.goodhart.db.queue.EventLevel;
import io.goodhart.db.queue.EventLog;
import io.goodhart.db.queue.Ledger;
import io.goodhart.db.queue.NewEvent;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.state.ExperimentState;
import io.goodhart.domain.state.Priority;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Changes how urgent experiments are. What runs goes on. */
@Component
final class Priorities {
    private final JdbcClient jdbc;
    private final Ledger ledger;
    private final Places places;
    private final EventLog events;

    Priorities(JdbcClient jdbc, Ledger ledger, Places places, EventLog events) {
        this.jdbc = jdbc;
        this.ledger = ledger;
        this.places = places;
        this.events = events;
    }

    void change(UUID experiment, Priority priority) {
        ledger.lockGraph();
        Standing standing = jdbc.sql("select state, priority from experiment where id = :experiment")
                .param("experiment", experiment)
                .query((row, number) ->
                        new Standing(ExperimentState.valueOf(row.getString(1)), new Priority(row.getInt(2))))
                .optional()
                .orElseThrow(() -> new NotFoundException("There is no experiment " + experiment));
        switch (standing.state()) {
            case CANCELLING, SUCCEEDED, FAILED, CANCELLED ->
                throw new ConflictException(
                        "already_ended",
                        "Nothing of experiment %s is queued any more: %s".formatted(experiment, standing.state()));
            case QUEUED, RUNNING -> {
                if (!standing.priority().equals(priority)) {
                    move(experiment, standing.priority(), priority);
                }
            }
        }
    }

    private void move(UUID experiment, Priority from, Priority to) {
        places.hold(experiment);
        jdbc.sql("update experiment set priority = :priority where id = :experiment")
                .param("priority", to.value())
                .param("experiment", experiment)
                .update();
        places.settle(experiment);
        events.append(List.of(new NewEvent(
                experiment,
                null,
                EventLevel.INFO,
                "priority_changed",
                "The priority is %d; it was %d".formatted(to.value(), from.value()),
                Map.of("priority", to.value(), "was", from.value()))));
    }

    /** An experiment before the change. */
    private record Standing(ExperimentState state, Priority priority) {}
}
