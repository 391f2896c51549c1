package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMath;
import ai.djl.pytorch.jni.TorchMemory;
import java.util.Arrays;
import java.util.List;

/** Layout and selection. Views share memory with their source, which may be closed before them. */
public sealed interface Shaping permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** Swaps two axes; negative axes count from the end. */
    default Tensor transpose(int first, int second) {
        return self().result(TorchMemory.transpose(self().handle(), first, second));
    }

    /** Axis i of the result is axis {@code axes[i]} of this. */
    default Tensor permute(int... axes) {
        return self().result(TorchMemory.permute(
                self().handle(), Arrays.stream(axes).asLongStream().toArray()));
    }

    /** The same elements in another shape; one size may be −1. */
    default Tensor reshape(long... shape) {
        return self().result(TorchMemory.reshape(self().handle(), shape));
    }

    /** Elements from {@code from} to the end of an axis. */
    default Tensor slice(int axis, long from) {
        return slice(axis, from, Long.MAX_VALUE);
    }

    /** Elements {@code from} (inclusive) to {@code to} (exclusive) of an axis; negative positions count from the end. */
    default Tensor slice(int axis, long from, long to) {
        return self().result(TorchMemory.slice(self().handle(), axis, from, to));
    }

    /**
     * Consecutive pieces of an axis, whose sizes add up to it. Backward is one copy, where slices would each fill a gradient of
     * the whole.
     */
    default List<Tensor> split(int axis, long... sizes) {
        long[] pieces = TorchMemory.split(self().handle(), sizes, self().axis(axis));
        return Arrays.stream(pieces).mapToObj(self()::result).toList();
    }

    /** One element of an axis, the axis dropped; a negative index counts from the end. */
    default Tensor select(int axis, long index) {
        long size = self().size(axis);
        long position = index < 0 ? index + size : index;
        if (position < 0 || position >= size) {
            throw new ShapeMismatchException("No index %d on axis %d of %s".formatted(index, axis, self()));
        }
        long slice = TorchMemory.slice(self().handle(), axis, position, position + 1);
        try {
            return self().result(TorchMemory.squeeze(slice, axis));
        } finally {
            TorchMemory.delete(slice);
        }
    }

    /** Inserts an axis of size 1. */
    default Tensor unsqueeze(int axis) {
        return self().result(TorchMemory.unsqueeze(self().handle(), axis));
    }

    /** Drops an axis of size 1. */
    default Tensor squeeze(int axis) {
        if (self().size(axis) != 1) {
            throw new ShapeMismatchException("Axis %d of %s is not of size 1".formatted(axis, self()));
        }
        return self().result(TorchMemory.squeeze(self().handle(), axis));
    }

    /** Repeats axes of size 1 without copying; −1 keeps an axis. */
    default Tensor expand(long... shape) {
        return self().result(TorchMemory.expand(self().handle(), shape));
    }

    /** The tensor itself if its memory is in order already, else a copy that is. */
    default Tensor contiguous() {
        return self().result(TorchMemory.contiguous(self().handle()));
    }

    /**
     * Looks rows up in a table [V,D].
     *
     * @param ids INT64 or INT32 of any shape S
     * @return [S…,D]
     */
    default Tensor rows(Tensor ids) {
        return self().result(TorchMath.embedding(ids.handle(), self().handle()));
    }

    /**
     * Picks one element of the last axis per position.
     *
     * @param indices INT64, this tensor's shape without the last axis
     * @return the shape of {@code indices}
     */
    default Tensor gatherLast(Tensor indices) {
        long last = self().rank() - 1L;
        long index = TorchMemory.unsqueeze(indices.handle(), last);
        try {
            long picked = TorchMemory.gather(self().handle(), index, last);
            try {
                return self().result(TorchMemory.squeeze(picked, last));
            } finally {
                TorchMemory.delete(picked);
            }
        } finally {
            TorchMemory.delete(index);
        }
    }

    /** Picks along an axis with an index of the result's shape (torch.gather). */
    default Tensor gather(int axis, Tensor indices) {
        return self().result(TorchMemory.gather(self().handle(), indices.handle(), axis));
    }

    /** A copy with {@code values} written along an axis at {@code indices} (torch.scatter). */
    default Tensor scatter(int axis, Tensor indices, Tensor values) {
        return self().result(
                        TorchMemory.scatter(self().handle(), indices.handle(), values.handle(), self().axis(axis)));
    }

    /** The slices of an axis that {@code ids} (INT64, one axis) names, in its order. */
    default Tensor indexSelect(int axis, Tensor ids) {
        return self().result(TorchMemory.pick(self().handle(), self().axis(axis), ids.handle()));
    }
}
