package io.goodhart.trainer.child;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.SelfTest;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.io.BufferedReader;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The C library's exit handlers take libtorch apart, so a thread that computes must never see them run: here they would abort. */
@EnabledOnOs(OS.LINUX)
class SupervisorGoneIT {
    private static final String COMPUTING = "computing";

    @TempDir
    private Path directory;

    @Test
    void aChildThatComputesGradientsEndsWithItsStatusWhenItsInputEnds() throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                Busy.class.getName());
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        Process child = builder.directory(directory.toFile()).start();
        try (BufferedReader errors = child.errorReader(StandardCharsets.UTF_8)) {
            assertThat(errors.lines().anyMatch(COMPUTING::equals)).isTrue();
            child.getOutputStream().close();
            assertThat(child.waitFor()).isEqualTo(ChildMain.SUPERVISOR_GONE);
        } finally {
            child.destroyForcibly();
        }
    }

    /** The child with a self-test that computes gradients until the process ends. */
    static final class Busy {
        private Busy() {}

        public static void main(String[] arguments) throws Exception {
            ChildMain.run(Busy::compute);
        }

        /** Not {@code atexit}, which is no symbol of the shared library. */
        private static void abortInExitHandlers() {
            Linker linker = Linker.nativeLinker();
            MethodHandle register = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("__cxa_atexit"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
            try {
                int failed = (int) register.invokeExact(
                        linker.defaultLookup().findOrThrow("abort"), MemorySegment.NULL, MemorySegment.NULL);
                assertThat(failed).isZero();
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }

        private static SelfTest.Report compute() {
            abortInExitHandlers();
            for (long step = 0; ; step++) {
                if (step == 100) {
                    System.err.println(COMPUTING);
                }
                try (Scope _ = Scope.open();
                        Autograd.Mode _ = Autograd.recording()) {
                    Tensor x = Tensors.ones(16, 16).requireGradient();
                    Tensor y = x;
                    for (int i = 0; i < 20; i++) {
                        y = y.matMul(x).tanh();
                    }
                    Autograd.backward(y.sum());
                }
            }
        }
    }
}
