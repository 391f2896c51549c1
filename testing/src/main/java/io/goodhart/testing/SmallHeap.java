package io.goodhart.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Runs a main class of the tests in a JVM with a small heap, to show what does not pass through Java memory. */
public final class SmallHeap {
    private SmallHeap() {}

    /** The last line that the class printed on stdout; fails if it did not end well. */
    public static String run(int heapMegabytes, Class<?> mainClass, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heapMegabytes + "m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                mainClass.getName()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException("%s ended with status %d and said: %s"
                        .formatted(mainClass.getName(), process.exitValue(), output));
            }
            return output.lines().toList().getLast();
        } finally {
            process.destroyForcibly();
        }
    }
}
