package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMath;

/** Element by element arithmetic; shapes broadcast, numbers become native scalars, types are never mixed silently. */
public sealed interface Elementwise permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    /** x + y. */
    default Tensor plus(Tensor other) {
        return self().combine(other, TorchMath::add);
    }

    /** x − y. */
    default Tensor minus(Tensor other) {
        return self().combine(other, TorchMath::subtract);
    }

    /** x · y. */
    default Tensor times(Tensor other) {
        return self().combine(other, TorchMath::multiply);
    }

    /** x / y. */
    default Tensor dividedBy(Tensor other) {
        return self().combine(other, TorchMath::divide);
    }

    /** factor · x. */
    default Tensor scaled(double factor) {
        return self().combine(self().scalar(factor), TorchMath::multiply);
    }

    /** x + offset. */
    default Tensor shifted(double offset) {
        return self().combine(self().scalar(offset), TorchMath::add);
    }

    /** x to the power of a number. */
    default Tensor pow(double exponent) {
        return self().combine(self().scalar(exponent), TorchMath::power);
    }

    /** The greater of x and y, element by element. */
    default Tensor maximum(Tensor other) {
        return self().combine(other, TorchMath::maximum);
    }

    /** The smaller of x and y, element by element. */
    default Tensor minimum(Tensor other) {
        return self().combine(other, TorchMath::minimum);
    }

    /** x limited to [low, high]. */
    default Tensor clamped(double low, double high) {
        return maximum(self().scalar(low)).minimum(self().scalar(high));
    }

    /** tanh form of the Gaussian error linear unit: x/2 · (1 + tanh(√(2/π) · (x + 0.044715·x³))). */
    default Tensor geluTanh() {
        return Kernels.best().geluTanh(self());
    }

    /** x · σ(x). */
    default Tensor silu() {
        return Kernels.best().silu(self());
    }

    /** −x. */
    default Tensor negated() {
        return self().map(TorchMath::negate);
    }

    /** e^x. */
    default Tensor exp() {
        return self().map(TorchMath::exp);
    }

    /** Natural logarithm. */
    default Tensor log() {
        return self().map(TorchMath::log);
    }

    /** √x. */
    default Tensor sqrt() {
        return self().map(TorchMath::sqrt);
    }

    /** x². */
    default Tensor square() {
        return self().map(TorchMath::square);
    }

    /** |x|. */
    default Tensor abs() {
        return self().map(TorchMath::abs);
    }

    /** −1, 0 or 1. */
    default Tensor sign() {
        return self().map(TorchMath::sign);
    }

    /** The greatest integer not above x. */
    default Tensor floor() {
        return self().map(TorchMath::floor);
    }

    /** Sine. */
    default Tensor sin() {
        return self().map(TorchMath::sin);
    }

    /** Cosine. */
    default Tensor cos() {
        return self().map(TorchMath::cos);
    }

    /** Hyperbolic tangent. */
    default Tensor tanh() {
        return self().map(TorchMath::tanh);
    }

    /** Error function. */
    default Tensor erf() {
        return self().map(TorchMath::erf);
    }

    /** σ(x) = 1/(1 + e^−x). */
    default Tensor sigmoid() {
        return self().map(TorchMath::sigmoid);
    }

    /** max(0, x). */
    default Tensor relu() {
        return self().map(TorchMath::relu);
    }

    /** log(1 + e^x), which is −log σ(−x); finite for every finite x, equal to x above 20. */
    default Tensor softPlus() {
        return self().map(TorchMath::softPlus);
    }

    /** Gaussian error linear unit x · Φ(x), the erf form. */
    default Tensor gelu() {
        return self().map(TorchMath::gelu);
    }
}
