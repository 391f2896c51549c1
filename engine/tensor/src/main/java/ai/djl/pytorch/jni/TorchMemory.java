package ai.djl.pytorch.jni;

import static ai.djl.pytorch.jni.PyTorchLibrary.LIB;

import java.nio.ByteBuffer;
import org.jspecify.annotations.NullMarked;

/**
 * Memory, layout, devices and autograd of native tensors by handle.
 *
 * <p>DJL keeps its natives package-private, so this class lives in DJL's package (class path only). It adds nothing: a
 * handle is the address of a native tensor, each returned handle must be deleted once.
 */
@NullMarked
public final class TorchMemory {
    private static final int STRIDED = 0;

    private TorchMemory() {}

    public static long empty(long[] shape, int type, int[] device) {
        return LIB.torchEmpty(shape, type, STRIDED, device, false);
    }

    public static long zeros(long[] shape, int type, int[] device) {
        return LIB.torchZeros(shape, type, STRIDED, device, false);
    }

    public static long ones(long[] shape, int type, int[] device) {
        return LIB.torchOnes(shape, type, STRIDED, device, false);
    }

    public static long full(long[] shape, double value, int type, int[] device) {
        return LIB.torchFull(shape, value, type, STRIDED, device, false);
    }

    public static void delete(long tensor) {
        LIB.torchDeleteTensor(tensor);
    }

    public static long[] shape(long tensor) {
        return LIB.torchSizes(tensor);
    }

    public static int type(long tensor) {
        return LIB.torchDType(tensor);
    }

    public static int[] device(long tensor) {
        return LIB.torchDevice(tensor);
    }

    public static byte[] bytes(long tensor) {
        return LIB.torchDataPtr(tensor);
    }

    /** The tensor's own memory; the tensor must be contiguous and below 2 GiB. */
    public static ByteBuffer memory(long tensor) {
        return LIB.torchDirectByteBuffer(tensor);
    }

    public static boolean isContiguous(long tensor) {
        return LIB.torchIsContiguous(tensor);
    }

    public static long contiguous(long tensor) {
        return LIB.torchToContiguous(tensor);
    }

    /** Another type or device; never differentiable. */
    public static long convert(long tensor, int type, int[] device) {
        return LIB.torchTo(tensor, type, device);
    }

    /** A copy; never differentiable. */
    public static long copy(long tensor) {
        return LIB.tensorClone(tensor);
    }

    public static long reshape(long tensor, long[] shape) {
        return LIB.torchReshape(tensor, shape);
    }

    public static long permute(long tensor, long[] axes) {
        return LIB.torchPermute(tensor, axes);
    }

    public static long transpose(long tensor, long first, long second) {
        return LIB.torchTranspose(tensor, first, second);
    }

    public static long slice(long tensor, long axis, long from, long to) {
        return LIB.torchSlice(tensor, axis, from, to, 1);
    }

    public static long expand(long tensor, long[] shape) {
        return LIB.torchExpand(tensor, shape);
    }

    public static long unsqueeze(long tensor, long axis) {
        return LIB.torchUnsqueeze(tensor, axis);
    }

    public static long squeeze(long tensor, long axis) {
        return LIB.torchSqueeze(tensor, axis);
    }

    public static long gather(long tensor, long index, long axis) {
        return LIB.torchGather(tensor, index, axis, false);
    }

    public static long scatter(long tensor, long index, long values, int axis) {
        return LIB.torchScatter(tensor, index, values, axis);
    }

    public static long concatenate(long[] tensors, long axis) {
        return LIB.torchCat(tensors, axis);
    }

    public static long[] split(long handle, long[] sizes, long axis) {
        return LIB.torchSplit(handle, sizes, axis);
    }

    public static long stack(long[] tensors, long axis) {
        return LIB.torchStack(tensors, axis);
    }

    /** Picks {@code ids} on {@code axis}: tensor[…, ids, …]. */
    public static long pick(long tensor, int axis, long ids) {
        long index = LIB.torchIndexInit(axis + 1);
        try {
            appendWholeAxes(index, axis);
            LIB.torchIndexAppendArray(index, ids);
            return LIB.torchIndexAdvGet(tensor, index);
        } finally {
            LIB.torchDeleteIndex(index);
        }
    }

    /** Writes {@code value} into tensor[…, from:to, …] in place. */
    public static void put(long tensor, int axis, long from, long to, long value) {
        long index = LIB.torchIndexInit(axis + 1);
        try {
            appendWholeAxes(index, axis);
            LIB.torchIndexAppendSlice(index, from, to, 1, 0);
            LIB.torchIndexAdvPut(tensor, index, value);
        } finally {
            LIB.torchDeleteIndex(index);
        }
    }

    private static void appendWholeAxes(long index, int count) {
        for (int i = 0; i < count; i++) {
            LIB.torchIndexAppendSlice(index, -1, -1, 1, 3);
        }
    }

    /** Whether the tensor is a leaf that requires a gradient; false for recorded results, whatever DJL's name says. */
    public static boolean isGradientLeaf(long tensor) {
        return LIB.torchRequiresGrad(tensor);
    }

    public static void requireGradient(long tensor, boolean required) {
        LIB.torchAttachGrad(tensor, required);
    }

    /** An alias of the accumulated gradient, or 0 if there is none. */
    public static long gradient(long tensor) {
        return LIB.torchGrad(tensor);
    }

    public static void zeroGradient(long tensor) {
        LIB.zeroGrad(tensor);
    }

    public static long detach(long tensor) {
        return LIB.torchDetachGrad(tensor);
    }

    public static void backward(long tensor, long upstream, boolean keepGraph, boolean createGraph) {
        LIB.torchBackward(tensor, upstream, keepGraph, createGraph);
    }
}
