package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchMath;

/** Comparisons with BOOL results, logic on BOOL tensors, and selection by a mask. */
public sealed interface Comparisons permits Tensor {
    private Tensor self() {
        return (Tensor) this;
    }

    default Tensor greaterThan(Tensor other) {
        return self().combine(other, TorchMath::greater);
    }

    default Tensor greaterThan(double number) {
        return self().combine(self().scalar(number), TorchMath::greater);
    }

    default Tensor greaterOrEqual(Tensor other) {
        return self().combine(other, TorchMath::greaterOrEqual);
    }

    default Tensor greaterOrEqual(double number) {
        return self().combine(self().scalar(number), TorchMath::greaterOrEqual);
    }

    default Tensor lessThan(Tensor other) {
        return self().combine(other, TorchMath::less);
    }

    default Tensor lessThan(double number) {
        return self().combine(self().scalar(number), TorchMath::less);
    }

    default Tensor lessOrEqual(Tensor other) {
        return self().combine(other, TorchMath::lessOrEqual);
    }

    default Tensor lessOrEqual(double number) {
        return self().combine(self().scalar(number), TorchMath::lessOrEqual);
    }

    default Tensor equalTo(Tensor other) {
        return self().combine(other, TorchMath::equal);
    }

    default Tensor equalTo(double number) {
        return self().combine(self().scalar(number), TorchMath::equal);
    }

    default Tensor notEqualTo(Tensor other) {
        return self().combine(other, TorchMath::notEqual);
    }

    default Tensor notEqualTo(double number) {
        return self().combine(self().scalar(number), TorchMath::notEqual);
    }

    default Tensor and(Tensor other) {
        return self().combine(other, TorchMath::and);
    }

    default Tensor or(Tensor other) {
        return self().combine(other, TorchMath::or);
    }

    default Tensor not() {
        return self().map(TorchMath::not);
    }

    default Tensor isNaN() {
        return self().map(TorchMath::isNaN);
    }

    default Tensor isInfinite() {
        return self().map(TorchMath::isInfinite);
    }

    /** Whether every element is neither NaN nor infinite. */
    default boolean isFinite() {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.paused()) {
            Tensor bad = isNaN().or(isInfinite());
            return !bad.map(TorchMath::any).asBoolean();
        }
    }

    /** Where {@code mask} holds this tensor's element, else the other's; the masked-out side gets no gradient, not even NaN. */
    default Tensor where(Tensor mask, Tensor other) {
        self().requireSameFloating(other);
        return self().result(TorchMath.where(mask.handle(), self().handle(), other.handle()));
    }

    /** This tensor with {@code value} where {@code mask} holds. */
    default Tensor maskedFill(Tensor mask, double value) {
        return self().result(TorchMath.where(mask.handle(), self().scalar(value).handle(), self().handle()));
    }
}
