package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMath;
import ai.djl.pytorch.jni.TorchMemory;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A multi-dimensional array in native memory with an owner: the innermost {@link Scope} of the thread that made it, a
 * {@link TensorStore}, or whoever holds it. Operations borrow their operands and give their results to the current scope.
 *
 * <p>A tensor may be read from several threads; it must not be closed while another thread computes with it.
 */
public final class Tensor implements AutoCloseable, Elementwise, Comparisons, Shaping, Reductions, Reading {
    private long handle;
    private long @Nullable [] shape;
    private @Nullable DataType type;
    private @Nullable Device device;
    private boolean leaf;

    @Nullable
    Scope scope;

    @Nullable
    Tensor newer;

    @Nullable
    Tensor older;

    private Tensor(long handle) {
        this.handle = handle;
    }

    /** A result: counted, and owned by the innermost scope. */
    static Tensor owned(long handle) {
        Tensor tensor = new Tensor(handle);
        Scope.LIVE.incrementAndGet();
        Scope scope = ThreadState.current().innermost;
        if (scope != null) {
            scope.add(tensor);
        }
        return tensor;
    }

    /** A process-wide constant: neither counted nor owned. */
    static Tensor permanent(long handle) {
        return new Tensor(handle);
    }

    // ---- what it is

    public long[] shape() {
        return knownShape().clone();
    }

    private long[] knownShape() {
        long[] known = shape;
        if (known == null) {
            known = TorchMemory.shape(handle());
            shape = known;
        }
        return known;
    }

    public int rank() {
        return knownShape().length;
    }

    /** Size of an axis; a negative axis counts from the end. */
    public long size(int axis) {
        return knownShape()[axis(axis)];
    }

    /** Number of elements. */
    public long elements() {
        long elements = 1;
        for (long size : knownShape()) {
            elements *= size;
        }
        return elements;
    }

    public DataType type() {
        DataType known = type;
        if (known == null) {
            known = DataType.ofCode(TorchMemory.type(handle()));
            type = known;
        }
        return known;
    }

    public Device device() {
        Device known = device;
        if (known == null) {
            known = Device.ofCode(TorchMemory.device(handle()));
            device = known;
        }
        return known;
    }

    // ---- life

    public boolean isClosed() {
        return handle == 0;
    }

    /** Frees the handle now instead of at the end of its scope. Views and graphs made from it stay valid. */
    @Override
    public void close() {
        if (handle == 0) {
            return;
        }
        if (scope != null) {
            scope.remove(this);
        }
        TorchMemory.delete(handle);
        handle = 0;
        Scope.LIVE.decrementAndGet();
    }

    /** Takes the tensor out of its scope: from now on the caller closes it. */
    public Tensor release() {
        handle();
        if (scope != null) {
            scope.remove(this);
        }
        return this;
    }

    /** A copy in memory of its own, outside any graph. */
    public Tensor copy() {
        return result(TorchMemory.copy(handle()));
    }

    /** The tensor on another device (itself as a view if it is there already). Never differentiable. */
    public Tensor to(Device target) {
        refuseInGraph("Moving to " + target);
        return result(TorchMemory.convert(handle(), type().code(), target.code()));
    }

    /**
     * The tensor in another type (itself as a view if it has it already). Never differentiable.
     *
     * @throws IllegalStateException while recording, if this tensor requires a gradient
     */
    public Tensor to(DataType target) {
        if (target == type()) {
            return result(TorchMemory.expand(handle(), knownShape()));
        }
        refuseInGraph("Conversion to " + target);
        return result(TorchMemory.convert(handle(), target.code(), device().code()));
    }

    // ---- gradients

    /** The same memory outside the graph. */
    public Tensor detached() {
        return result(TorchMemory.detach(handle()));
    }

    /** Makes this tensor a leaf whose gradient is accumulated. */
    public Tensor requireGradient() {
        TorchMemory.requireGradient(handle(), true);
        leaf = true;
        return this;
    }

    /** Stops gradient accumulation in this leaf. */
    public Tensor freeze() {
        TorchMemory.requireGradient(handle(), false);
        leaf = false;
        return this;
    }

    /** Whether gradients flow to this tensor. */
    public boolean requiresGradient() {
        return TorchMemory.isGradientLeaf(handle())
                || TorchScriptKernels.shared().requiresGradient(this);
    }

    /** The accumulated gradient (an alias: it changes with the next backward pass), or null if nothing reached this leaf yet. */
    public @Nullable Tensor gradient() {
        if (!leaf) {
            throw new IllegalStateException("Not a leaf: requireGradient() was not called on " + this);
        }
        long gradient = TorchMemory.gradient(handle());
        return gradient == 0 ? null : result(gradient);
    }

    /** Sets the accumulated gradient, if any, to zero. */
    public void zeroGradient() {
        TorchMemory.zeroGradient(handle());
    }

    // ---- in place, refused inside a graph

    /** Overwrites {@code [from, from + value.size(axis))} of an axis. */
    public void assign(int axis, long from, Tensor value) {
        refuseInPlace(value);
        long to = from + value.size(axis);
        if (from < 0 || to > size(axis)) {
            throw new ShapeMismatchException(
                    "Cannot assign %s at %d of axis %d of %s".formatted(value, from, axis, this));
        }
        TorchMemory.put(handle(), axis(axis), from, to, value.handle());
    }

    /** Adds another tensor to this one's memory. */
    public void addInPlace(Tensor value) {
        refuseInPlace(value);
        TorchMath.addInPlace(handle(), value.handle());
    }

    /** Multiplies this tensor's memory. */
    public void scaleInPlace(double factor) {
        refuseInPlace(this);
        TorchMath.multiplyInPlace(handle(), scalar(factor).handle());
    }

    /** Overwrites this tensor's memory with another of the same shape. */
    public void copyFrom(Tensor value) {
        if (!Arrays.equals(knownShape(), value.knownShape())) {
            throw new ShapeMismatchException("Cannot copy " + value + " into " + this);
        }
        if (rank() == 0) {
            refuseInPlace(value);
            long flat = TorchMemory.unsqueeze(handle(), 0);
            TorchMemory.put(flat, 0, 0, 1, value.handle());
            TorchMemory.delete(flat);
            return;
        }
        assign(0, 0, value);
    }

    @Override
    public String toString() {
        return handle == 0 ? "closed tensor" : type() + Arrays.toString(knownShape());
    }

    // ---- for the facade

    /** The native address; fails on a closed tensor, and makes sure that the thread is initialised. */
    long handle() {
        ThreadState.current();
        if (handle == 0) {
            throw new IllegalStateException("The tensor is closed: it outlived its scope");
        }
        return handle;
    }

    boolean isLeaf() {
        return leaf;
    }

    int axis(int axis) {
        int rank = rank();
        int position = axis < 0 ? axis + rank : axis;
        if (position < 0 || position >= rank) {
            throw new ShapeMismatchException("No axis " + axis + " in " + this);
        }
        return position;
    }

    Tensor scalar(double value) {
        return Scalars.of(value, type(), device());
    }

    Tensor result(long result) {
        return owned(result);
    }

    Tensor map(LongUnaryOperator operation) {
        return owned(operation.applyAsLong(handle()));
    }

    Tensor combine(Tensor other, LongBinaryOperator operation) {
        requireSameFloating(other);
        return owned(operation.applyAsLong(handle(), other.handle()));
    }

    void requireSameFloating(Tensor other) {
        DataType left = type();
        DataType right = other.type();
        if (left != right && left.isFloating() && right.isFloating()) {
            throw new ShapeMismatchException("FLOAT32 and FLOAT64 do not mix: " + this + " and " + other);
        }
    }

    private void refuseInPlace(Tensor value) {
        if (Autograd.isRecording() && (requiresGradient() || value.requiresGradient())) {
            throw new IllegalStateException(
                    "No change in place inside a graph: pause recording or use plain operations");
        }
    }

    private void refuseInGraph(String action) {
        if (Autograd.isRecording() && requiresGradient()) {
            throw new IllegalStateException(action + " would cut the graph silently: detach first");
        }
    }
}
