package io.goodhart.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.codec.GoodhartJson;
import org.junit.jupiter.api.Test;

class WatchTest {
    @Test
    void failedExperimentMayHaveAReport() {
        Watch.End end = end("""
                {"state": "failed", "report": "/v1/experiments/1/report",
                 "failure": {"code": "diverged", "detail": "train sft, seed 1: NaN"}}""");

        assertThat(end.succeeded()).isFalse();
        assertThat(end.hasReport()).isTrue();
        assertThat(end.inWords()).isEqualTo("The experiment failed: train sft, seed 1: NaN (diverged)");
    }

    @Test
    void cancelledExperimentHasNeither() {
        Watch.End end = end("""
                {"state": "cancelled", "report": null, "failure": null}""");

        assertThat(end.hasReport()).isFalse();
        assertThat(end.inWords()).isEqualTo("The experiment was cancelled");
    }

    private static Watch.End end(String json) {
        return Watch.end(GoodhartJson.tree(json));
    }
}
