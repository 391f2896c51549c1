package io.goodhart.trainer.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.trainer.protocol.Assignment;
import io.goodhart.trainer.protocol.Command;
import io.goodhart.trainer.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The child JVM as the supervisor starts it. */
@Timeout(120)
class RealChildIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private Process process;
    private Child child;

    @BeforeEach
    void start() throws Exception {
        process = new JvmLauncher("cpu", 1, 256, Map.of()).launch();
        child = Child.start(() -> process, log::add);
        assertThat(child.poll(PATIENCE))
                .isInstanceOfSatisfying(
                        Child.Signal.Said.class,
                        said -> assertThat(said.message())
                                .isInstanceOfSatisfying(
                                        Message.Ready.class,
                                        ready -> assertThat(ready.threads()).isEqualTo(1)));
    }

    @AfterEach
    void kill() {
        child.close();
    }

    /** A task that fails at once for want of inputs. */
    private Message answer() throws InterruptedException {
        TaskSpec spec = new TaskSpec.LogProbs(new ModelRevision("models/none", Hashes.sha256("none")));
        child.send(new Command.Run(new Assignment(
                UUID.randomUUID(), spec, Map.of(), directory.toString(), null, directory.toString(), Map.of())));
        return ((Child.Signal.Said) Objects.requireNonNull(child.poll(PATIENCE))).message();
    }

    @Test
    void failedTaskLeavesTheChildUsable() throws Exception {
        assertThat(answer()).isInstanceOf(Message.Failed.class);
        assertThat(answer()).isInstanceOf(Message.Failed.class);
    }

    @Test
    void signalOfTheTerminalDoesNotEndTheChild() throws Exception {
        new ProcessBuilder("kill", "-INT", Long.toString(child.pid())).start().waitFor();
        new ProcessBuilder("kill", "-TERM", Long.toString(child.pid())).start().waitFor();

        assertThat(process.waitFor(1, TimeUnit.SECONDS)).isFalse();
        assertThat(answer()).isInstanceOf(Message.Failed.class);
        child.shutdown(PATIENCE);
        assertThat(process.isAlive()).isFalse();
    }

    @Test
    void childEndsByItselfWhenTold() throws Exception {
        child.shutdown(PATIENCE);

        assertThat(process.exitValue()).isZero();
    }

    @Test
    void childDoesNotOutliveItsSupervisor() throws Exception {
        process.getOutputStream().close();

        assertThat(child.poll(PATIENCE)).isEqualTo(new Child.Signal.Exited(4));
    }

    @Test
    void commandThatCannotBeReadEndsTheChild() throws Exception {
        process.getOutputStream().write("nonsense\n".getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();

        assertThat(child.poll(PATIENCE)).isEqualTo(new Child.Signal.Exited(5));
    }
}
