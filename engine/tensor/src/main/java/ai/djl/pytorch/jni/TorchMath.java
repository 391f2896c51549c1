package ai.djl.pytorch.jni;

import static ai.djl.pytorch.jni.PyTorchLibrary.LIB;

import org.jspecify.annotations.NullMarked;

/**
 * Arithmetic on native tensors by handle.
 *
 * <p>DJL keeps its natives package-private, so this class lives in DJL's package (class path only). It adds nothing: a
 * handle is the address of a native tensor, each returned handle must be deleted once.
 */
@NullMarked
public final class TorchMath {
    private TorchMath() {}

    public static long add(long left, long right) {
        return LIB.torchAdd(left, right);
    }

    public static long subtract(long left, long right) {
        return LIB.torchSub(left, right);
    }

    public static long multiply(long left, long right) {
        return LIB.torchMul(left, right);
    }

    public static long divide(long left, long right) {
        return LIB.torchTrueDivide(left, right);
    }

    public static long power(long left, long right) {
        return LIB.torchPow(left, right);
    }

    public static long matMul(long left, long right) {
        return LIB.torchMatmul(left, right);
    }

    public static long maximum(long left, long right) {
        return LIB.torchMaximum(left, right);
    }

    public static long minimum(long left, long right) {
        return LIB.torchMinimum(left, right);
    }

    public static long and(long left, long right) {
        return LIB.torchLogicalAnd(left, right);
    }

    public static long or(long left, long right) {
        return LIB.torchLogicalOr(left, right);
    }

    public static long equal(long left, long right) {
        return LIB.torchEq(left, right);
    }

    public static long notEqual(long left, long right) {
        return LIB.torchNeq(left, right);
    }

    public static long greater(long left, long right) {
        return LIB.torchGt(left, right);
    }

    public static long greaterOrEqual(long left, long right) {
        return LIB.torchGte(left, right);
    }

    public static long less(long left, long right) {
        return LIB.torchLt(left, right);
    }

    public static long lessOrEqual(long left, long right) {
        return LIB.torchLte(left, right);
    }

    public static long negate(long tensor) {
        return LIB.torchNeg(tensor);
    }

    public static long exp(long tensor) {
        return LIB.torchExp(tensor);
    }

    public static long log(long tensor) {
        return LIB.torchLog(tensor);
    }

    public static long sqrt(long tensor) {
        return LIB.torchSqrt(tensor);
    }

    public static long square(long tensor) {
        return LIB.torchSquare(tensor);
    }

    public static long abs(long tensor) {
        return LIB.torchAbs(tensor);
    }

    public static long sign(long tensor) {
        return LIB.torchSign(tensor);
    }

    public static long floor(long tensor) {
        return LIB.torchFloor(tensor);
    }

    public static long sin(long tensor) {
        return LIB.torchSin(tensor);
    }

    public static long cos(long tensor) {
        return LIB.torchCos(tensor);
    }

    public static long tanh(long tensor) {
        return LIB.torchTanh(tensor);
    }

    public static long sigmoid(long tensor) {
        return LIB.torchSigmoid(tensor);
    }

    public static long erf(long tensor) {
        return LIB.torchErf(tensor);
    }

    public static long not(long tensor) {
        return LIB.torchLogicalNot(tensor);
    }

    public static long isNaN(long tensor) {
        return LIB.torchIsNaN(tensor);
    }

    public static long isInfinite(long tensor) {
        return LIB.torchIsInf(tensor);
    }

    public static long relu(long tensor) {
        return LIB.torchNNRelu(tensor);
    }

    public static long softPlus(long tensor) {
        return LIB.torchNNSoftPlus(tensor);
    }

    public static long gelu(long tensor) {
        return LIB.torchNNGelu(tensor);
    }

    public static long sum(long tensor) {
        return LIB.torchSum(tensor);
    }

    public static long any(long tensor) {
        return LIB.torchAny(tensor);
    }

    public static long all(long tensor) {
        return LIB.torchAll(tensor);
    }

    public static void addInPlace(long target, long value) {
        LIB.torchAddi(target, value);
    }

    public static void multiplyInPlace(long target, long value) {
        LIB.torchMuli(target, value);
    }

    public static long where(long mask, long then, long otherwise) {
        return LIB.torchWhere(mask, then, otherwise);
    }

    public static long sum(long tensor, long[] axes, boolean keepAxes) {
        return LIB.torchSum(tensor, axes, keepAxes);
    }

    public static long max(long tensor, long axis, boolean keepAxis) {
        return LIB.torchMax(tensor, axis, keepAxis);
    }

    public static long min(long tensor, long axis, boolean keepAxis) {
        return LIB.torchMin(tensor, axis, keepAxis);
    }

    public static long argMax(long tensor, long axis, boolean keepAxis) {
        return LIB.torchArgMax(tensor, axis, keepAxis);
    }

    public static long argSort(long tensor, long axis) {
        return LIB.torchArgSort(tensor, axis, false);
    }

    public static long cumulativeSum(long tensor, long axis) {
        return LIB.torchCumSum(tensor, axis);
    }

    public static long[] topK(long tensor, long k, long axis) {
        return LIB.torchTopK(tensor, k, axis, true, true);
    }

    public static long softmax(long tensor, long axis, int type) {
        return LIB.torchSoftmax(tensor, axis, type);
    }

    public static long logSoftmax(long tensor, long axis, int type) {
        return LIB.torchLogSoftmax(tensor, axis, type);
    }

    public static long layerNorm(long input, long width, long weight, long bias, double eps) {
        return LIB.torchNNLayerNorm(input, new long[] {width}, weight, bias, eps);
    }

    public static long linear(long input, long weight, long bias) {
        return LIB.torchNNLinear(input, weight, bias);
    }

    public static long embedding(long ids, long table) {
        return LIB.torchNNEmbedding(ids, table, false);
    }
}
