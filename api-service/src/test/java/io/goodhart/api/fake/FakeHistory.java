package io.goodhart.api.fake;

import io.goodhart.db.experiment.TaskHistory;
import io.goodhart.domain.cost.FinishedTask;
import io.goodhart.domain.plan.TaskKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What tests say was computed before. */
public final class FakeHistory implements TaskHistory {
    public final Set<TaskKey> finished = new HashSet<>();
    public final List<FinishedTask> latest = new ArrayList<>();

    @Override
    public Set<TaskKey> finished(Collection<TaskKey> keys) {
        Set<TaskKey> known = new HashSet<>(keys);
        known.retainAll(finished);
        return known;
    }

    @Override
    public List<FinishedTask> latest(int limit) {
        return latest.stream().limit(limit).toList();
    }
}
