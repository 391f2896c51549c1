package io.goodhart.trainer.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.ProbeRole;
import io.goodhart.domain.model.Site;
import io.goodhart.domain.plan.PlannedTask;
import io.goodhart.domain.spec.ProbeSpec;
import io.goodhart.domain.state.FailureCode;
import io.goodhart.trainer.MiniExperiment;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WireTest {
    private static final UUID TASK = new UUID(1, 2);

    static Stream<Message> messages() {
        ModelRevision model = new ModelRevision("models/m", Hashes.sha256("m"));
        return Stream.of(
                new Message.Ready("cpu", 2, "passed"),
                new Message.Progressed(TASK, 1, 10, "steps", 1.5, "training"),
                new Message.Progressed(TASK, 1, 10, "steps", null, "training"),
                new Message.Measured(TASK, List.of(new Message.Point(3, "rewards/chosen", -0.1))),
                new Message.Noted(TASK, "warn", "odd", "something\nodd", Map.of("count", 3)),
                new Message.Saved(TASK, 20, "/w/checkpoint-20.zip"),
                new Message.Done(
                        TASK,
                        Map.of("probes", "/w/probes"),
                        List.of(new Message.Probe(
                                0,
                                ProbeRole.TRAIN,
                                ProbeSpec.Kind.LOGISTIC,
                                Site.RESID_POST,
                                4,
                                model,
                                Map.of("threshold", 0.5)))),
                new Message.Failed(TASK, FailureCode.OUT_OF_MEMORY, "too big"),
                new Message.Stopped(TASK));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void messagesArriveAsTheyWereSent(Message message) {
        assertThat(Wire.message(Wire.line(message).strip())).isEqualTo(message);
    }

    @Test
    void everyKindOfTaskCanBeAssigned() {
        for (PlannedTask task : MiniExperiment.plan().tasks()) {
            Command run = new Command.Run(new Assignment(
                    TASK, task.spec(), Map.of("responses", "/a"), "/work", null, "/files", Map.of("ab", "/data")));
            assertThat(Wire.command(Wire.line(run).strip())).isEqualTo(run);
        }
    }

    @Test
    void aMessageIsOneLineBetweenLineEnds() {
        String line = Wire.line(new Message.Noted(TASK, "info", "e", "two\nlines", Map.of()));

        assertThat(line).startsWith("\n").endsWith("\n");
        assertThat(line.strip().lines()).hasSize(1);
    }

    @Test
    void whatIsNoMessageIsRefused() {
        assertThatThrownBy(() -> Wire.message("[W123] a warning of a library"))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Wire.message("{\"type\":\"unheard_of\"}")).isInstanceOf(InvalidInputException.class);
    }
}
