package io.goodhart.probeservice;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/** A Python with the published client in it, in a virtual environment below {@code target}, kept until that is deleted. */
final class PythonClient {
    private static final String PACKAGE = "tritonclient[http]==2.73.0";
    private static final Path DIRECTORY = Path.of("target", "tritonclient").toAbsolutePath();
    private static final Path READY = DIRECTORY.resolve("ready");

    private PythonClient() {}

    /**
     * Runs a script to its end and gives what it printed.
     *
     * @throws TestAbortedException if there is no Python or the client cannot be installed
     */
    static String run(Path script, String... arguments) throws IOException, InterruptedException {
        install();
        List<String> command = new ArrayList<>(List.of(python(), script.toString()));
        command.addAll(List.of(arguments));
        Result result = run(command, 120);
        if (result.status() != 0) {
            throw new AssertionError("The client failed: " + result.errors());
        }
        return result.output();
    }

    private static String python() {
        return DIRECTORY.resolve("bin/python").toString();
    }

    private static void install() throws IOException, InterruptedException {
        if (Files.exists(READY)) {
            return;
        }
        need(List.of("python3", "-m", "venv", "--clear", DIRECTORY.toString()));
        need(List.of(python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", PACKAGE));
        Files.createFile(READY);
    }

    private static void need(List<String> command) throws IOException, InterruptedException {
        Result result;
        try {
            result = run(command, 240);
        } catch (IOException e) {
            throw new TestAbortedException("Skipped: no Python here: " + e.getMessage(), e);
        }
        if (result.status() != 0) {
            throw new TestAbortedException(
                    "Skipped: %s failed: %s".formatted(String.join(" ", command), result.errors()));
        }
    }

    /** Warnings go to the errors, so that the output is what the script printed. */
    private record Result(int status, String output, String errors) {}

    private static Result run(List<String> command, long seconds) throws IOException, InterruptedException {
        Path output = Files.createTempFile("python", ".out");
        Path errors = Files.createTempFile("python", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
                return new Result(-1, "", "no end after %d s".formatted(seconds));
            }
            return new Result(process.exitValue(), Files.readString(output), Files.readString(errors));
        } finally {
            Files.delete(output);
            Files.delete(errors);
        }
    }
}
