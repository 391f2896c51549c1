package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMath;
import java.util.Arrays;

/** Sums, extremes, softmax and products. Reduced axes are dropped; negative axes count from the end. */
public sealed interface Reductions permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** Sum of all elements. */
    default Tensor sum() {
        return self().map(TorchMath::sum);
    }

    /** Sum over the given axes, which are dropped. */
    default Tensor sum(int... axes) {
        return self().result(TorchMath.sum(self().handle(), wide(axes), false));
    }

    /** Sum over one axis, which stays with size 1. */
    default Tensor sumKeeping(int axis) {
        return self().result(TorchMath.sum(self().handle(), wide(axis), true));
    }

    /** Mean of all elements. */
    default Tensor mean() {
        return sum().scaled(1.0 / self().elements());
    }

    /** Mean over the given axes, which are dropped. */
    default Tensor mean(int... axes) {
        long count = 1;
        for (int axis : axes) {
            count *= self().size(axis);
        }
        return sum(axes).scaled(1.0 / count);
    }

    /** Mean over one axis, which stays with size 1. */
    default Tensor meanKeeping(int axis) {
        return sumKeeping(axis).scaled(1.0 / self().size(axis));
    }

    default Tensor max(int axis) {
        return self().result(TorchMath.max(self().handle(), axis, false));
    }

    default Tensor min(int axis) {
        return self().result(TorchMath.min(self().handle(), axis, false));
    }

    /** Position of the greatest element along an axis, INT64. */
    default Tensor argMax(int axis) {
        return self().result(TorchMath.argMax(self().handle(), axis, false));
    }

    /** Positions that sort an axis ascending, INT64. */
    default Tensor argSort(int axis) {
        return self().result(TorchMath.argSort(self().handle(), axis));
    }

    /** The k greatest elements along an axis, descending. */
    default TopK topK(int k, int axis) {
        long[] handles = TorchMath.topK(self().handle(), k, axis);
        return new TopK(self().result(handles[0]), self().result(handles[1]));
    }

    /** Running sum along an axis. */
    default Tensor cumSum(int axis) {
        return self().result(TorchMath.cumulativeSum(self().handle(), axis));
    }

    default Tensor softmax(int axis) {
        return self().result(
                        TorchMath.softmax(self().handle(), axis, self().type().code()));
    }

    default Tensor logSoftmax(int axis) {
        return self().result(TorchMath.logSoftmax(
                self().handle(), axis, self().type().code()));
    }

    /** log Σ e^x along an axis, which is dropped; x must not be −∞ everywhere. */
    default Tensor logSumExp(int axis) {
        Tensor greatest =
                self().result(TorchMath.max(self().handle(), axis, true)).detached();
        return self().minus(greatest)
                .exp()
                .sumKeeping(axis)
                .log()
                .plus(greatest)
                .squeeze(axis);
    }

    /** Matrix product over the last two axes, batch axes broadcast. */
    default Tensor matMul(Tensor other) {
        return self().combine(other, TorchMath::matMul);
    }

    /** x·Wᵀ + b for a weight stored [out,in]. */
    default Tensor linear(Tensor weight, Tensor bias) {
        self().requireSameFloating(weight);
        return self().result(TorchMath.linear(self().handle(), weight.handle(), bias.handle()));
    }

    /** x·Wᵀ for a weight stored [out,in]. */
    default Tensor linear(Tensor weight) {
        self().requireSameFloating(weight);
        return self().result(TorchMath.linear(self().handle(), weight.handle(), 0));
    }

    /** √Σx² over all elements. */
    default Tensor norm() {
        return self().square().sum().sqrt();
    }

    private static long[] wide(int... axes) {
        return Arrays.stream(axes).asLongStream().toArray();
    }
}
