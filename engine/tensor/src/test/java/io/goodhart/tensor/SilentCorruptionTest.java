package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * DJL's two idioms that read freed memory, and the facade's cure. Each case lets the garbage collector run and fills the freed
 * memory, then counts wrong numbers.
 */
class SilentCorruptionTest {
    private static final int CASES = 500;
    private static final int ATTEMPTS = 5;

    @Test
    void rawScalarsCorruptGradients() {
        ComputeThread.prepare(1);
        int wrong = 0;
        for (int attempt = 0; attempt < ATTEMPTS && wrong == 0; attempt++) {
            wrong = wrongGradientsOfRawScalars();
        }
        assertThat(wrong)
                .as("DJL's trap has gone; the facade may be simplified")
                .isPositive();
    }

    private static int wrongGradientsOfRawScalars() {
        List<PtNDArray> leaves = new ArrayList<>();
        List<PtNDArray> results = new ArrayList<>();
        try (NDManager manager = NDManager.newBaseManager();
                Autograd.Mode _ = Autograd.recording()) {
            for (int i = 0; i < CASES; i++) {
                PtNDArray x = (PtNDArray) manager.ones(new Shape(4));
                x.setRequiresGradient(true);
                leaves.add(x);
                results.add(x.mul(3f));
            }
            List<ByteBuffer> litter = collectAndOverwrite();
            PtNDArray upstream = (PtNDArray) manager.ones(new Shape(4));
            int wrong = 0;
            for (int i = 0; i < CASES; i++) {
                JniUtils.backward(results.get(i), upstream, false, false);
                wrong += leaves.get(i).getGradient().toFloatArray()[0] == 3f ? 0 : 1;
            }
            assertThat(litter).isNotEmpty();
            return wrong;
        }
    }

    @Test
    void facadeScalarsNeverDo() {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.recording()) {
            List<Tensor> leaves = new ArrayList<>();
            List<Tensor> results = new ArrayList<>();
            for (int i = 0; i < CASES; i++) {
                Tensor x = Tensors.ones(4).requireGradient();
                leaves.add(x);
                results.add(x.scaled(1 + i % 7));
            }
            List<ByteBuffer> litter = collectAndOverwrite();
            for (int i = 0; i < CASES; i++) {
                Autograd.backward(results.get(i), Tensors.ones(4));
                assertThat(leaves.get(i).gradient().toFloats()).containsOnly(1 + i % 7);
            }
            assertThat(litter).isNotEmpty();
        }
    }

    @Test
    void rawViewsOfJavaDataCorruptValues() {
        ComputeThread.prepare(1);
        int wrong = 0;
        for (int attempt = 0; attempt < ATTEMPTS && wrong == 0; attempt++) {
            wrong = wrongValuesOfRawViews();
        }
        assertThat(wrong)
                .as("DJL's trap has gone; the facade may be simplified")
                .isPositive();
    }

    private static int wrongValuesOfRawViews() {
        try (NDManager manager = NDManager.newBaseManager()) {
            List<NDArray> views = new ArrayList<>();
            for (int i = 0; i < CASES; i++) {
                try (NDArray array = manager.create(filled(1024, i + 1), new Shape(1024))) {
                    views.add(array.reshape(32, 32));
                }
            }
            List<ByteBuffer> litter = collectAndOverwrite();
            int wrong = 0;
            for (int i = 0; i < CASES; i++) {
                wrong += views.get(i).sum().getFloat() == 1024f * (i + 1) ? 0 : 1;
            }
            assertThat(litter).isNotEmpty();
            return wrong;
        }
    }

    @Test
    void facadeViewsOfJavaDataNeverDo() {
        try (Scope _ = Scope.open()) {
            List<Tensor> views = new ArrayList<>();
            for (int i = 0; i < CASES; i++) {
                try (Tensor array = Tensors.of(filled(1024, i + 1), 1024)) {
                    views.add(array.reshape(32, 32));
                }
            }
            List<ByteBuffer> litter = collectAndOverwrite();
            for (int i = 0; i < CASES; i++) {
                assertThat(views.get(i).sum().asFloat()).isEqualTo(1024f * (i + 1));
            }
            assertThat(litter).isNotEmpty();
        }
    }

    /** Frees unreachable direct buffers and fills the memory they leave. */
    private static List<ByteBuffer> collectAndOverwrite() {
        List<ByteBuffer> litter = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            System.gc();
            for (int size : new int[] {4, 8, 16, 64, 4096}) {
                for (int i = 0; i < 2 * CASES; i++) {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
                    while (buffer.hasRemaining()) {
                        buffer.put((byte) 0x41);
                    }
                    litter.add(buffer);
                }
            }
        }
        return litter;
    }

    private static float[] filled(int length, float value) {
        float[] values = new float[length];
        Arrays.fill(values, value);
        return values;
    }
}
