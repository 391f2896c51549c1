package io.goodhart.tensor;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Binds axis letters to sizes, so that a wrong shape fails with names and not deep in native code.
 *
 * <pre>{@code
 * Axes axes = new Axes().bind("B T V", logitsBTV).bind("B T", tokensBT);
 * long vocabulary = axes.size("V");
 * }</pre>
 *
 * A letter (or word) has one size for the life of the object, a number means exactly that size and {@code *} any size.
 */
public final class Axes {
    private final Map<String, Long> sizes = new LinkedHashMap<>();

    /**
     * Requires {@code tensor} to have these axes.
     *
     * @param pattern axes separated by blanks, empty for a scalar
     * @throws ShapeMismatchException if the rank or one size differs
     */
    public Axes bind(String pattern, Tensor tensor) {
        return bind(pattern, tensor.shape());
    }

    /** Requires a shape to have these axes. */
    public Axes bind(String pattern, long... shape) {
        String[] axes = pattern.isBlank() ? new String[0] : pattern.trim().split("\\s+");
        if (axes.length != shape.length) {
            throw new ShapeMismatchException("Expected [" + pattern + "], got " + Arrays.toString(shape));
        }
        for (int i = 0; i < axes.length; i++) {
            if (!accepts(axes[i], shape[i])) {
                throw new ShapeMismatchException("Expected [%s] with %s = %s, got %s"
                        .formatted(pattern, axes[i], sizes.getOrDefault(axes[i], -1L), Arrays.toString(shape)));
            }
        }
        return this;
    }

    private boolean accepts(String axis, long size) {
        if (axis.equals("*")) {
            return true;
        }
        if (Character.isDigit(axis.charAt(0))) {
            return Long.parseLong(axis) == size;
        }
        Long bound = sizes.putIfAbsent(axis, size);
        return bound == null || bound == size;
    }

    /** The size bound to an axis. */
    public long size(String axis) {
        Long size = sizes.get(axis);
        if (size == null) {
            throw new IllegalArgumentException("Axis " + axis + " is not bound, bound are " + sizes.keySet());
        }
        return size;
    }
}
