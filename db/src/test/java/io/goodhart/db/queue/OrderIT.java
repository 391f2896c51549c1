package io.goodhart.db.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.Scenario.Graph;
import io.goodhart.db.experiment.EventView;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.domain.state.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which task is next. */
@DbTest
class OrderIT {
    private static final Priority LOW = new Priority(-1);
    private static final Priority HIGH = new Priority(5);

    private final TaskQueue queue;
    private final Experiments experiments;
    private final Scenario scenario;
    private final JdbcClient jdbc;

    @Autowired
    OrderIT(TaskQueue queue, Experiments experiments, Scenario scenario, JdbcClient jdbc) {
        this.queue = queue;
        this.experiments = experiments;
        this.scenario = scenario;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void clear() {
        scenario.clear();
    }

    /** Three tasks in a row. */
    private static Graph row(String name) {
        return new Graph(name).task(name + "1").task(name + "2", name + "1").task(name + "3", name + "2");
    }

    @Test
    void experimentThatWasSubmittedFirstIsAnsweredFirst() {
        scenario.submit(row("a"));
        scenario.submit(row("b"));
        scenario.submit(row("c"));
        assertThat(done()).containsExactly("a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3");
    }

    @Test
    void withinAnExperimentWhatBecameReadyFirstIsFirst() {
        scenario.submit(new Graph("a").task("x").task("y", "x").task("z"));
        assertThat(done()).containsExactly("x", "z", "y");
    }

    @Test
    void workersThatFindNothingOfTheFirstTakeWhatComesNext() {
        scenario.submit(row("a"));
        scenario.submit(row("b"));
        ClaimedTask first = scenario.claim();
        assertThat(scenario.claim().label()).isEqualTo("b1");
        scenario.succeed(first);
        assertThat(scenario.claim().label()).isEqualTo("a2");
    }

    @Test
    void higherPriorityGoesFirstAndInterruptsNothing() {
        scenario.submit(row("a"), LOW);
        scenario.submit(row("b"));
        ClaimedTask running = scenario.claim();
        scenario.submit(row("c"), HIGH);
        assertThat(queue.heartbeat(running.ref(), Scenario.LEASE, null)).isFalse();
        assertThat(done()).containsExactly("c1", "c2", "c3", "a1", "a2", "a3");
        scenario.succeed(running);
        assertThat(done()).containsExactly("b2", "b3");
    }

    @Test
    void sharedTaskStandsWhereTheFirstExperimentThatWaitsForItStands() {
        scenario.submit(row("a"));
        scenario.submit(new Graph("b").task("base").task("b", "base"));
        scenario.submit(row("c"));
        scenario.submit(new Graph("d").task("base").task("d", "base"));
        assertThat(done()).containsExactly("a1", "a2", "a3", "base", "b", "c1", "c2", "c3", "d");
    }

    @Test
    void sharedTaskIsAsUrgentAsTheMostUrgentThatWaitsForIt() {
        scenario.submit(new Graph("a").task("base").task("a", "base"), LOW);
        scenario.submit(row("b"), HIGH);
        scenario.submit(row("c"));
        ExperimentId urgent = scenario.submit(new Graph("d").task("base").task("d", "base"), HIGH);
        assertThat(done(4)).as("behind its equals").containsExactly("b1", "b2", "b3", "base");
        experiments.prioritise(urgent, LOW);
        assertThat(done()).containsExactly("c1", "c2", "c3", "a", "d");
    }

    @Test
    void ofEquallyUrgentExperimentsTheEarliestCountsWhateverTheirRowsOrder() {
        scenario.submit(row("a"));
        scenario.submit(new Graph("b").task("base").task("b", "base"));
        ExperimentId earliest = scenario.submit(new Graph("c").task("base").task("c", "base"));
        jdbc.sql("update experiment set created_at = created_at - interval '1 hour' where id = :id")
                .param("id", earliest.value())
                .update();
        experiments.prioritise(earliest, HIGH);
        experiments.prioritise(earliest, Priority.NORMAL);
        assertThat(done()).containsExactly("base", "c", "a1", "a2", "a3", "b");
    }

    @Test
    void cancelledExperimentNoLongerCounts() {
        ExperimentId early = scenario.submit(new Graph("a").task("base").task("a", "base"));
        scenario.submit(row("b"));
        ExperimentId urgent = scenario.submit(new Graph("c").task("base").task("c", "base"), HIGH);
        scenario.submit(new Graph("d").task("base").task("d", "base"));
        experiments.cancel(urgent);
        experiments.cancel(early);
        assertThat(done()).containsExactly("b1", "b2", "b3", "base", "d");
    }

    @Test
    void priorityMayChangeAndIsToldOnce() {
        scenario.submit(row("a"));
        ExperimentId id = scenario.submit(row("b"));
        scenario.succeed(scenario.claim());
        experiments.prioritise(id, HIGH);
        experiments.prioritise(id, HIGH);
        assertThat(done(1)).containsExactly("b1");
        assertThat(experiments.get(id).summary().priority()).isEqualTo(HIGH);
        assertThat(experiments.events(id, 0, 100))
                .filteredOn(event -> event.type().equals("priority_changed"))
                .extracting(EventView::message)
                .containsExactly("The priority is 5; it was 0");
        experiments.prioritise(id, LOW);
        assertThat(done()).containsExactly("a2", "a3", "b2", "b3");
    }

    @Test
    void priorityOfWhatIsOverCannotChange() {
        ExperimentId ended = scenario.submit(new Graph("ended").task("a"));
        scenario.succeed(scenario.claim());
        ExperimentId cancelling = scenario.submit(new Graph("cancelling").task("b"));
        scenario.claim();
        experiments.cancel(cancelling);
        for (ExperimentId over : List.of(ended, cancelling)) {
            assertThatThrownBy(() -> experiments.prioritise(over, HIGH))
                    .isInstanceOfSatisfying(
                            ConflictException.class,
                            refusal -> assertThat(refusal.code()).isEqualTo("already_ended"));
            assertThat(experiments.get(over).summary().priority()).isEqualTo(Priority.NORMAL);
        }
    }

    @Test
    void whatIsTriedAgainKeepsItsExperimentsPlace() {
        scenario.submit(row("a"));
        scenario.submit(row("b"));
        queue.fail(scenario.claim().ref(), FailureCode.CHILD_DIED, "killed");
        queue.release(scenario.claim().ref());
        ClaimedTask lost = scenario.claim();
        scenario.letLeaseEnd(lost.ref().task());
        assertThat(done(2)).containsExactly("a1", "a2");
    }

    @Test
    void whatWaitsToBeTriedAgainHoldsNobodyUp() {
        scenario.submit(row("a"));
        scenario.submit(row("b"));
        jdbc.sql("update task set visible_at = now() + interval '1 hour' where label = 'a1'")
                .update();
        assertThat(done()).containsExactly("b1", "b2", "b3");
    }

    @Test
    void whatIsComputedAnewStandsWithTheLaterExperiment() {
        scenario.submit(new Graph("a").task("base").task("a", "base"));
        scenario.submit(row("b"));
        queue.fail(scenario.claim().ref(), FailureCode.DIVERGED, "NaN");
        scenario.submit(new Graph("c").task("base").task("c", "base"));
        assertThat(done()).containsExactly("b1", "b2", "b3", "base", "c");
    }

    @Test
    void claimReadsItsIndexInOrderAndSortsNothing() {
        jdbc.sql("""
                insert into task (content_key, shared, kind, spec, label, state, waiting_for, max_attempts,
                                  submitted_at, visible_at, ended_at)
                select md5(cast(n as text)) || md5(cast(n as text)), true, 'score', '{}', 't' || n,
                       (array['SUCCEEDED', 'READY', 'WAITING', 'READY', 'RUNNING'])[1 + n % 5],
                       case when n % 5 = 2 then 1 else 0 end, 3, now() - make_interval(secs => n / 500),
                       now() + make_interval(secs => case when n % 5 = 4 then 60 else -1 end),
                       case when n % 5 = 0 then now() end
                  from generate_series(1, 100000) n""").update();
        jdbc.sql("analyze task").update();
        String plan = String.join(
                "\n",
                jdbc.sql("explain " + TaskClaims.NEXT)
                        .param("kinds", TaskSpec.kinds().keySet().toArray(String[]::new))
                        .query(Sql.TEXT)
                        .list());
        assertThat(plan).contains("Index Scan using task_claimable").doesNotContain("Sort");
    }

    /** Everything that is left, in the order in which one worker does it. */
    private List<String> done() {
        return done(Integer.MAX_VALUE);
    }

    private List<String> done(int atMost) {
        List<String> labels = new ArrayList<>();
        while (labels.size() < atMost) {
            Optional<ClaimedTask> task = scenario.tryClaim();
            if (task.isEmpty()) {
                break;
            }
            scenario.succeed(task.get());
            labels.add(task.get().label());
        }
        return labels;
    }
}
