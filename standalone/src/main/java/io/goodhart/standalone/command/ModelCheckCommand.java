package io.goodhart.standalone.command;

import io.goodhart.standalone.model.ModelCheckMain;
import io.goodhart.standalone.model.ModelCheckMain.Form;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Loads a model directory and says what it is and how far it is from a reference. */
@Command(
        name = "check",
        description = {
            "Loads a model directory and prints what is known of it.",
            "With a reference, it also prints how far every tensor is from it."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {
            "0:everything is within tolerance; without a reference, the model was loaded",
            "1:something is outside the tolerance",
            "2:the model cannot be loaded, the reference cannot be read, or the call is wrong"
        })
public final class ModelCheckCommand implements Callable<Integer> {
    private static final int NOT_LOADED = 2;

    @Parameters(paramLabel = "DIR", description = "Model directory in the Hugging Face layout.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path directory;

    @Option(
            names = "--expected",
            paramLabel = "FILE",
            description = "Reference: expected.safetensors with expected.json beside it, or their folder.")
    private @Nullable Path expected;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads of the computation (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (threads < 1) {
            throw new CommandFailedException(NOT_LOADED, "--threads must be at least 1, got " + threads);
        }
        Form form = json ? Form.JSON : Form.TEXT;
        Process process = ModelCheckMain.process(directory, Optional.ofNullable(expected), form, threads)
                .start();
        try {
            int status = process.waitFor();
            if (status > NOT_LOADED) {
                throw new CommandFailedException(
                        NOT_LOADED, "The process that loaded the model died with status " + status);
            }
            return status;
        } finally {
            process.destroyForcibly();
        }
    }
}
