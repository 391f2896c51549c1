package io.goodhart.trainer.scorer;

import io.goodhart.db.codec.GoodhartJson;
import io.goodhart.domain.plan.Scorer;
import io.goodhart.trainer.child.Stages;
import io.goodhart.trainer.child.StopFlag;
import io.goodhart.trainer.child.TaskFailedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The judges that a worker's operator has configured. What a judge once said of a text is kept and not asked again.
 *
 * @param cache directory of the kept scores
 * @param settings by name
 */
public record Judges(String cache, Map<String, JudgeSettings> settings) {
    /** Environment variable that brings this record, as JSON, into the child: not on its command line, where others may read it. */
    public static final String VARIABLE = "GOODHART_CHILD_JUDGES";

    /** No judges. */
    public static final Judges NONE = new Judges("", Map.of());

    public Judges {
        settings = Map.copyOf(settings);
    }

    /** Those that the process was started with. */
    public static Judges ofEnvironment() {
        return Optional.ofNullable(System.getenv(VARIABLE))
                .map(json -> GoodhartJson.read(Judges.class, json))
                .orElse(NONE);
    }

    /** This, as an environment variable. */
    public Map<String, String> environment() {
        return Map.of(VARIABLE, GoodhartJson.write(this));
    }

    /**
     * Scores in [0, 1], one for each text; equal texts are asked for once.
     *
     * @throws TaskFailedException if this worker has no such judge, or it does not answer as it should
     */
    public double[] score(Scorer.Judge scorer, List<String> texts, Stages stages, StopFlag stop) {
        JudgeSettings chosen = settings.get(scorer.name());
        if (chosen == null || !chosen.version().equals(scorer.version())) {
            throw TaskFailedException.invalidInput(
                    "This worker has no judge %s of version %s: configure goodhart.judges.%s"
                            .formatted(scorer.name(), scorer.version(), scorer.name()));
        }
        JudgeCache kept = JudgeCache.open(Path.of(cache), scorer.name(), scorer.version());
        List<String> unknown = new ArrayList<>(new LinkedHashSet<>(texts));
        unknown.removeIf(text -> kept.score(text).isPresent());
        int known = texts.size() - unknown.size();
        try (JudgeClient client = new JudgeClient(scorer.name(), chosen)) {
            for (int from = 0; from < unknown.size(); from += chosen.batch()) {
                stop.check();
                List<String> batch = unknown.subList(from, Math.min(unknown.size(), from + chosen.batch()));
                kept.keep(batch, client.ask(batch));
                stages.done(known + from + batch.size());
            }
        }
        return texts.stream()
                .mapToDouble(text -> kept.score(text).orElseThrow())
                .toArray();
    }
}
