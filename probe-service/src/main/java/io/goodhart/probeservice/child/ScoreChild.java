package io.goodhart.probeservice.child;

import io.goodhart.domain.ConflictException;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.Aggregation;
import io.goodhart.probeservice.child.ScoreCommand.Answer;
import io.goodhart.probeservice.child.ScoreCommand.Item;
import io.goodhart.probeservice.child.ScoreCommand.ItemScores;
import io.goodhart.probeservice.child.ScoreCommand.Refused;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process that reads texts, started when it is first needed and again after it died. One request at a time, in the order of their
 * coming; one that takes too long ends the process, not the service.
 */
public final class ScoreChild implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ScoreChild.class);
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final List<String> command;
    private final int threads;
    private final Duration timeout;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile @Nullable Process process;
    private volatile boolean closed;
    private long requests; // guarded by turn

    /**
     * @param threads threads of one operation
     * @param heapMegabytes limit of the Java heap; models lie outside it
     * @param timeout longest wait for one's turn, and longest time that a request then takes
     */
    public ScoreChild(int threads, long heapMegabytes, Duration timeout) {
        this(jvm(threads, heapMegabytes), threads, timeout);
    }

    /** With another command that speaks the same protocol. */
    ScoreChild(List<String> command, int threads, Duration timeout) {
        this.command = List.copyOf(command);
        this.threads = threads;
        this.timeout = timeout;
    }

    private static List<String> jvm(int threads, long heapMegabytes) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=" + threads,
                "-D" + ScoreMain.THREADS + "=" + threads,
                "-Dlogback.configurationFile=io/goodhart/probeservice/child-logback.xml",
                ScoreMain.class.getName());
    }

    /**
     * What to read, and with which probes of one set.
     *
     * @param model directory of the model, absolute
     * @param modelSha256 what the model's hash must be
     * @param probeFile the set, absolute
     * @param indices probes of the set
     * @param perToken whether each token's score is wanted
     * @param aggregation how a text's score is made of its tokens'; null: as each probe was fitted
     */
    public record Reading(
            Path model,
            String modelSha256,
            Path probeFile,
            List<Integer> indices,
            List<PromptedText> texts,
            boolean perToken,
            @Nullable Aggregation aggregation) {
        public Reading {
            indices = List.copyOf(indices);
            texts = List.copyOf(texts);
        }
    }

    /** A text and what comes before it, which may be empty. */
    public record PromptedText(String prompt, String text) {}

    /**
     * Readings of one text.
     *
     * @param tokens its tokens, at least one
     * @param logits pooled log-odds of each probe
     * @param tokenLogits log-odds by probe and token, if asked for
     * @param starts first character of each token, if asked for
     */
    public record TextScores(int tokens, List<Double> logits, List<List<Double>> tokenLogits, List<Integer> starts) {}

    /**
     * Reads texts.
     *
     * @throws InvalidInputException if a text cannot be read
     * @throws ConflictException if the model is not the probes'
     * @throws ChildFailedException if the process died or took too long
     */
    public List<TextScores> read(Reading reading) {
        List<Item> items = reading.texts().stream()
                .map(text -> new Item(text.prompt(), text.text()))
                .toList();
        waitForTurn();
        try {
            Answer answer = ask(new ScoreCommand(
                    ++requests,
                    reading.model().toString(),
                    reading.modelSha256(),
                    reading.probeFile().toString(),
                    reading.indices(),
                    items,
                    reading.perToken(),
                    reading.aggregation()));
            Refused refusal = answer.refusal();
            if (refusal != null) {
                throw refused(refusal);
            }
            return answer.items().stream().map(ScoreChild::scores).toList();
        } finally {
            turn.unlock();
        }
    }

    private void waitForTurn() {
        try {
            if (!turn.tryLock(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new ChildFailedException("Other requests' texts took longer than " + timeout);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChildFailedException("Interrupted");
        }
    }

    private static RuntimeException refused(Refused refusal) {
        return switch (refusal.because()) {
            case OF_TEXT -> new InvalidInputException(new Problem(refusal.code(), refusal.field(), refusal.message()));
            case OF_MODEL -> new ConflictException(refusal.code(), refusal.message());
            case OF_FAILURE -> new ChildFailedException(refusal.message());
        };
    }

    private static TextScores scores(ItemScores scores) {
        return new TextScores(scores.tokens(), scores.logits(), scores.tokenLogits(), scores.starts());
    }

    private Answer ask(ScoreCommand question) {
        FutureTask<Answer> exchange = new FutureTask<>(() -> exchange(running(), question));
        Thread.ofVirtual().name("score-request").start(exchange);
        try {
            return exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            end();
            throw new ChildFailedException("The texts took longer than " + timeout);
        } catch (ExecutionException e) {
            end();
            LOG.warn("The process that reads texts gave no answer", e.getCause());
            throw new ChildFailedException(
                    "The process that reads texts died; it is started again with the next request");
        } catch (InterruptedException e) {
            end();
            Thread.currentThread().interrupt();
            throw new ChildFailedException("Interrupted");
        }
    }

    private static Answer exchange(Process child, ScoreCommand question) throws IOException {
        BufferedWriter out =
                new BufferedWriter(new OutputStreamWriter(child.getOutputStream(), StandardCharsets.UTF_8));
        out.write(MAPPER.writeValueAsString(question));
        out.newLine();
        out.flush();
        BufferedReader in = new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
        String line = in.readLine(); // one answer for each question, so nothing is left in this reader's buffer
        if (line == null) {
            throw new IOException("The child's output ended");
        }
        Answer answer = MAPPER.readValue(line, Answer.class);
        if (answer.id() != question.id()) {
            throw new IOException("Answer %d came to question %d".formatted(answer.id(), question.id()));
        }
        return answer;
    }

    private Process running() throws IOException {
        Process present = process;
        if (present != null && present.isAlive()) {
            return present;
        }
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
        Process fresh = builder.start();
        process = fresh;
        Thread.ofPlatform().daemon().name("score-child-log").start(() -> log(fresh));
        if (closed) {
            end();
            throw new IOException("The service is stopping");
        }
        return fresh;
    }

    /** Hands on what the child has to say. */
    private static void log(Process child) {
        try (BufferedReader lines = child.errorReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> LOG.info("{}: {}", child.pid(), line));
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("The log of process {} ended", child.pid(), e);
        }
    }

    private void end() {
        Process present = process;
        process = null;
        if (present != null) {
            present.destroyForcibly();
        }
    }

    /** Ends the process for good. */
    @Override
    public void close() {
        closed = true;
        end();
    }
}
