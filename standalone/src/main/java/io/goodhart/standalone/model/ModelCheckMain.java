package io.goodhart.standalone.model;

import io.goodhart.tensor.ComputeThread;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Main class of the process that checks a model: native code that crashes ends it and nothing else. */
public final class ModelCheckMain {
    private ModelCheckMain() {}

    /** How a check is written. */
    public enum Form {
        TEXT,
        JSON
    }

    /**
     * The process for a check, not started; its output is the caller's.
     *
     * @param threads threads of one operation
     */
    public static ProcessBuilder process(Path directory, Optional<Path> expected, Form form, int threads) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-Dai.djl.pytorch.num_threads=" + threads,
                "-Dlogback.configurationFile=io/goodhart/standalone/model/logback.xml",
                ModelCheckMain.class.getName(),
                Integer.toString(threads),
                form.name(),
                directory.toString()));
        expected.ifPresent(path -> command.add(path.toString()));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
        return builder;
    }

    /** Threads, form, directory and perhaps the reference. */
    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        System.setOut(System.err); // libraries print there
        ComputeThread.prepare(Integer.parseInt(arguments[0]));
        Optional<Path> expected = arguments.length > 3 ? Optional.of(Path.of(arguments[3])) : Optional.empty();
        ModelCheck check = ModelCheck.of(Path.of(arguments[2]), expected);
        switch (Form.valueOf(arguments[1])) {
            case TEXT -> CheckText.lines(check).forEach(out::println);
            case JSON -> out.println(CheckJson.text(check));
        }
        out.flush();
        System.exit(check.exitStatus());
    }
}
