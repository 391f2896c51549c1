package io.goodhart.api.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.domain.state.ExperimentState;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.assertj.MvcTestResult;

class EventStreamTest extends ExperimentSliceTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    private EventStreams streams;

    @Test
    void aStreamTellsWhatHappenedThenWhatHappensAndEndsWithTheExperiment() throws Exception {
        ExperimentId id = submitted();
        experiments.say(id, "experiment_queued", "first");
        MockHttpServletResponse response = open(id, null);
        await(response, "id:1");
        experiments.say(id, "task_started", "second");
        await(response, "id:2");
        experiments.say(id, "experiment_succeeded", "third");
        experiments.move(id, ExperimentState.SUCCEEDED, null);
        awaitNoStream();
        assertThat(response.getContentType()).startsWith("text/event-stream");
        assertThat(ids(response)).containsExactly("1", "2", "3");
        assertThat(response.getContentAsString()).contains("event:task_started", "\"message\":\"second\"");
    }

    @Test
    void aClientThatComesBackMissesNothingAndSeesNothingTwice() throws Exception {
        ExperimentId id = submitted();
        for (int i = 0; i < 450; i++) { // more than one batch
            experiments.say(id, "progress", "event " + i);
        }
        experiments.move(id, ExperimentState.SUCCEEDED, null);
        MockHttpServletResponse response = open(id, "7");
        awaitNoStream();
        List<String> ids = ids(response);
        assertThat(ids).hasSize(443).doesNotHaveDuplicates().startsWith("8").endsWith("450");
    }

    @Test
    void aSilentStreamIsKeptOpenByComments() throws Exception {
        ExperimentId id = submitted();
        MockHttpServletResponse response = open(id, null);
        await(response, ":alive");
        experiments.move(id, ExperimentState.CANCELLED, null);
        awaitNoStream();
        assertThat(ids(response)).isEmpty();
    }

    @Test
    void aClientThatHasSeenTheEndIsToldNotToComeBack() {
        ExperimentId id = submitted();
        experiments.say(id, "experiment_succeeded", "the end");
        experiments.move(id, ExperimentState.SUCCEEDED, null);
        assertThat(stream(id, "1")).hasStatus(204);
    }

    @Test
    void aStreamOfNothingIsA404AndAWrongIdA422() {
        assertThat(mvc.get()
                        .uri("/v1/experiments/00000000-0000-0000-0000-000000000001/events")
                        .accept(MediaType.TEXT_EVENT_STREAM)
                        .exchange())
                .hasStatus(404)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(stream(submitted(), "last")).hasStatus(422);
    }

    private MvcTestResult stream(ExperimentId id, String lastEventId) {
        return mvc.get()
                .uri("/v1/experiments/" + id + "/events")
                .accept(MediaType.TEXT_EVENT_STREAM)
                .header("Last-Event-ID", lastEventId)
                .asyncExchange();
    }

    private MockHttpServletResponse open(ExperimentId id, @Nullable String lastEventId) {
        return stream(id, lastEventId == null ? "" : lastEventId).getResponse();
    }

    private static List<String> ids(MockHttpServletResponse response) throws Exception {
        return response.getContentAsString()
                .lines()
                .filter(line -> line.startsWith("id:"))
                .map(line -> line.substring(3))
                .toList();
    }

    private static void await(MockHttpServletResponse response, String text) throws Exception {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> response.getContentAsString().contains(text));
    }

    private void awaitNoStream() {
        Awaitility.await().atMost(PATIENCE).until(() -> streams.openStreams() == 0);
    }
}
