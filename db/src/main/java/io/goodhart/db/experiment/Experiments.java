package io.goodhart.db.experiment;

import io.goodhart.domain.ConflictException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.Plan;
import io.goodhart.domain.state.Priority;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Experiments as users see them. An id that names nothing throws {@link NotFoundException}. */
public interface Experiments {
    /**
     * Queues an experiment. Once this returns it is durable. Tasks that earlier experiments computed, or are computing, are
     * shared unless the specification says otherwise.
     *
     * @param submission the same idempotency key with the same specification and priority gives the experiment that is there
     *     already, whatever its priority is now
     * @throws ConflictException with code {@code idempotency_key_reused} if the key came with another specification or priority
     */
    ExperimentId submit(Submission submission, Plan plan, List<Problem> warnings);

    /**
     * The experiment that was submitted with this idempotency key, if there is a key and an experiment.
     *
     * @throws ConflictException with code {@code idempotency_key_reused} if it had another specification or priority
     */
    Optional<ExperimentId> submitted(Submission submission);

    ExperimentView get(ExperimentId id);

    Page<ExperimentSummary> list(ListQuery query);

    /**
     * Changes how urgent it is: its tasks that nobody has claimed yet go before or after others'. A task that several live
     * experiments wait for is as urgent as the most urgent of them.
     *
     * @throws ConflictException with code {@code already_ended} if it has ended or is being cancelled
     */
    void prioritise(ExperimentId id, Priority priority);

    /**
     * Asks to stop. Tasks that wait end at once; running ones are told; tasks that another live experiment needs go on.
     * Asking again changes nothing.
     *
     * @throws ConflictException with code {@code already_ended} if it has ended otherwise
     */
    void cancel(ExperimentId id);

    /** By arm in the user's order, then by seed. */
    List<RunView> runs(ExperimentId id);

    RunView run(RunId id);

    /** Every task, inputs first. */
    List<TaskView> tasks(ExperimentId id);

    /** Every task whose results belong to the run, inputs first. */
    List<TaskView> tasks(RunId id);

    TaskView task(UUID id);

    /**
     * Every point of the run's tasks, by name, task and step.
     *
     * @param names only these series; empty: all
     */
    List<MetricValue> metrics(RunId id, List<String> names);

    /** By task and step. */
    List<CheckpointView> checkpoints(RunId id);

    /** Events after the given one in order, at most {@code limit}. Never skips one that becomes visible later. */
    List<EventView> events(ExperimentId id, long after, int limit);

    /** Artifacts that the report is made from, by the name of the report task's input; those of failed tasks are absent. */
    Map<String, ArtifactId> reportInputs(ExperimentId id);

    /** Final evaluations that the report is made from; those that failed are absent. */
    List<MeasuredRun> measuredRuns(ExperimentId id);

    /** Probes that the experiment's tasks fitted. */
    List<ProbeView> probes(ExperimentId id);
}
