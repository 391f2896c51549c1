package io.goodhart.trainer.supervisor;

import io.goodhart.trainer.child.ChildMain;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts the child JVM: the supervisor's own java and class path, so that both always are the same build.
 *
 * @param device where the child computes: {@code cpu}, {@code cuda} or {@code cuda:1}
 * @param threads threads of one operation
 * @param heapMegabytes limit of the Java heap; tensors live outside it
 * @param environment further environment variables
 */
public record JvmLauncher(String device, int threads, long heapMegabytes, Map<String, String> environment)
        implements ChildLauncher {
    /**
     * glibc gives large blocks back to the system at once and faults them in again; keeping them saves a tenth of the time
     * of training. Must be set before the process starts.
     */
    private static final Map<String, String> ALLOCATOR = Map.of(
            "MALLOC_MMAP_THRESHOLD_", "4294967296",
            "MALLOC_TRIM_THRESHOLD_", "8589934592");

    public JvmLauncher {
        environment = Map.copyOf(environment);
    }

    @Override
    public Process launch() throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command());
        builder.environment().putAll(ALLOCATOR);
        builder.environment().putAll(environment);
        builder.environment().put("OMP_NUM_THREADS", Integer.toString(threads));
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        return builder.start();
    }

    List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heapMegabytes + "m");
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:+UseSerialGC");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-Dai.djl.offline=true");
        command.add("-Dai.djl.pytorch.num_threads=" + threads);
        command.add("-Dlogback.configurationFile=io/goodhart/trainer/child/logback.xml");
        command.add("-Duser.timezone=UTC");
        command.add("-D" + ChildMain.DEVICE + "=" + device);
        command.add("-D" + ChildMain.THREADS + "=" + threads);
        command.add(ChildMain.class.getName());
        return List.copyOf(command);
    }
}
