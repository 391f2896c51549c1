package io.goodhart.probeservice.child;

import java.time.Duration;
import java.util.List;

/** Children that are a shell script: they speak the protocol and read nothing. */
public final class FakeScoreChild {
    private FakeScoreChild() {}

    /** Gives these members of an answer to every question, such as {@code "items": []}. */
    public static ScoreChild answering(String members) {
        return running("n=0; while read -r question; do n=$((n+1)); echo '{\"id\": '$n', " + members + "}'; done");
    }

    /** Runs a script. */
    public static ScoreChild running(String script) {
        return running(script, Duration.ofSeconds(60));
    }

    static ScoreChild running(String script, Duration timeout) {
        return new ScoreChild(List.of("/bin/sh", "-c", script), 1, timeout);
    }
}
