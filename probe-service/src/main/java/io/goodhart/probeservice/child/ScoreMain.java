package io.goodhart.probeservice.child;

import io.goodhart.domain.ConflictException;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.probeservice.child.ScoreCommand.Answer;
import io.goodhart.probeservice.child.ScoreCommand.Because;
import io.goodhart.probeservice.child.ScoreCommand.Refused;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.SelfTest;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** Main class of the process that reads texts: a command per line on stdin, an answer per line on stdout. */
public final class ScoreMain {
    /** System property: threads of one operation. */
    public static final String THREADS = "goodhart.child.threads";

    /** Exit status: the self-test failed. */
    static final int BROKEN = 5;

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private ScoreMain() {}

    /** Answers until stdin ends. */
    public static void main(String[] arguments) throws IOException {
        run(SelfTest::run);
    }

    /** Answers until stdin ends, or not at all if the self-test fails. */
    static void run(Supplier<SelfTest.Report> selfTest) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err);
        Logger log = LoggerFactory.getLogger(ScoreMain.class);
        ComputeThread.prepare(Integer.getInteger(THREADS, 1));
        try {
            selfTest.get().requirePassed();
        } catch (IllegalStateException e) {
            log.error("Texts cannot be read", e);
            Runtime.getRuntime().halt(BROKEN);
        }
        try (TextScorer scorer = new TextScorer();
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line = in.readLine();
            while (line != null) {
                Answer answer = answer(scorer, MAPPER.readValue(line, ScoreCommand.class), log);
                out.println(MAPPER.writeValueAsString(answer));
                out.flush();
                line = in.readLine();
            }
        }
    }

    private static Answer answer(TextScorer scorer, ScoreCommand command, Logger log) {
        try {
            return new Answer(command.id(), scorer.score(command), null);
        } catch (InvalidInputException e) {
            Problem problem = e.problems().getFirst();
            return refused(command, Because.OF_TEXT, problem.code(), problem.field(), problem.message());
        } catch (ConflictException e) {
            return refused(command, Because.OF_MODEL, e.code(), null, String.valueOf(e.getMessage()));
        } catch (IOException | RuntimeException e) {
            log.error("Texts could not be scored", e);
            String message = "The texts could not be scored; the log says why";
            return refused(command, Because.OF_FAILURE, "internal", null, message);
        }
    }

    private static Answer refused(
            ScoreCommand command, Because because, String code, @Nullable String field, String message) {
        return new Answer(command.id(), List.of(), new Refused(because, code, field, message));
    }
}
