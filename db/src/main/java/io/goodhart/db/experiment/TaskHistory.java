package io.goodhart.db.experiment;

import io.goodhart.domain.cost.FinishedTask;
import io.goodhart.domain.plan.TaskKey;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/** What was computed before. */
public interface TaskHistory {
    /** Those of the tasks whose results another experiment may use. */
    Set<TaskKey> finished(Collection<TaskKey> keys);

    /** The tasks that were finished last, newest first; those that this version cannot read are left out. */
    List<FinishedTask> latest(int limit);
}
