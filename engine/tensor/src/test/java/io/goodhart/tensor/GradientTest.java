package io.goodhart.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every differentiable operation against central differences in float64. */
class GradientTest {
    private static final double STEP = 1e-6;

    /** Central differences: truncation STEP² and cancellation 1e-16/STEP, on values of order one. */
    private static final double TOLERANCE = 2e-8;

    private record Shape(long... sizes) {}

    private static Shape shape(long... sizes) {
        return new Shape(sizes);
    }

    private static Arguments op(String name, Function<List<Tensor>, Tensor> function, Shape... shapes) {
        return Arguments.of(name, function, List.of(shapes));
    }

    private static Arguments map(String name, Function<Tensor, Tensor> function) {
        return op(name, x -> function.apply(x.get(0)), shape(3, 4));
    }

    private static Arguments positive(String name, Function<Tensor, Tensor> function) {
        return op(name, x -> function.apply(x.get(0).square().shifted(0.5)), shape(3, 4));
    }

    static Stream<Arguments> elementwise() {
        return Stream.of(
                op("plus, broadcast", x -> x.get(0).plus(x.get(1)), shape(3, 4), shape(4)),
                op("minus, broadcast", x -> x.get(0).minus(x.get(1)), shape(3, 1), shape(3, 4)),
                op("times, broadcast", x -> x.get(0).times(x.get(1)), shape(3, 4), shape(3, 1)),
                op("dividedBy", x -> x.get(0).dividedBy(x.get(1).square().shifted(1)), shape(3, 4), shape(4)),
                op("maximum", x -> x.get(0).maximum(x.get(1)), shape(3, 4), shape(3, 4)),
                op("minimum", x -> x.get(0).minimum(x.get(1)), shape(3, 4), shape(3, 4)),
                map("scaled", x -> x.scaled(-1.7)),
                map("shifted", x -> x.shifted(0.3).square()),
                map("negated", Tensor::negated),
                map("exp", Tensor::exp),
                positive("log", Tensor::log),
                positive("sqrt", Tensor::sqrt),
                positive("pow", x -> x.pow(-0.5)),
                map("square", Tensor::square),
                map("abs", Tensor::abs),
                map("sigmoid", Tensor::sigmoid),
                map("tanh", Tensor::tanh),
                map("softPlus", Tensor::softPlus),
                map("relu", Tensor::relu),
                map("silu", Tensor::silu),
                map("gelu", Tensor::gelu),
                map("geluTanh", Tensor::geluTanh),
                map("sin", Tensor::sin),
                map("cos", Tensor::cos),
                map("erf", Tensor::erf),
                map("clamped", x -> x.clamped(-0.5, 0.5)));
    }

    static Stream<Arguments> layout() {
        return Stream.of(
                map("transpose", x -> x.transpose(0, 1).contiguous()),
                map("reshape", x -> x.reshape(2, 6)),
                map("slice", x -> x.slice(1, 1, 3)),
                map("select", x -> x.select(0, 1)),
                map("expand", x -> x.unsqueeze(0).expand(2, -1, -1).permute(2, 0, 1)),
                op("rows", x -> x.get(0).rows(Tensors.of(new long[] {2, 0, 2})), shape(3, 4)),
                op("gatherLast", x -> x.get(0).gatherLast(Tensors.of(new long[] {3, 0, 1})), shape(3, 4)),
                op("indexSelect", x -> x.get(0).indexSelect(1, Tensors.of(new long[] {3, 3, 1})), shape(3, 4)),
                op("concat", x -> Tensors.concat(1, x.get(0), x.get(1)), shape(2, 3), shape(2, 1)),
                op("stack", x -> Tensors.stack(0, x.get(0), x.get(1)), shape(2, 3), shape(2, 3)),
                op("where", x -> x.get(0).where(x.get(1).greaterThan(0), x.get(1)), shape(3, 4), shape(3, 4)),
                map("maskedFill", x -> x.maskedFill(x.greaterThan(0), 2)));
    }

    static Stream<Arguments> reductions() {
        return Stream.of(
                map("sum", Tensor::sum),
                map("sum over an axis", x -> x.sum(0)),
                map("mean", Tensor::mean),
                map("mean over axes", x -> x.mean(0, 1)),
                map("max", x -> x.max(1)),
                map("min", x -> x.min(0)),
                map("softmax", x -> x.softmax(-1)),
                map("logSoftmax", x -> x.logSoftmax(0)),
                map("logSumExp", x -> x.logSumExp(1)),
                map("cumSum", x -> x.cumSum(1)),
                map("topK", x -> x.topK(2, 1).values()),
                op("matMul", x -> x.get(0).matMul(x.get(1)), shape(2, 3, 4), shape(4, 2)),
                op("linear", x -> x.get(0).linear(x.get(1), x.get(2)), shape(3, 4), shape(5, 4), shape(5)));
    }

    static Stream<Arguments> kernels() {
        Shape q = shape(2, 4, 3, 5);
        Shape k = shape(2, 2, 3, 5);
        return Stream.of(Kernels.best(), Kernels.reference())
                .flatMap(kernels -> Stream.of(
                        op("attention", x -> kernels.attention(x.get(0), x.get(1), x.get(2), null, 0.4), q, k, k),
                        op(
                                "windowed",
                                x -> kernels.attention(x.get(0), x.get(1), x.get(2), Masks.window(3, 2), 0.4),
                                q,
                                k,
                                k),
                        op(
                                "capped attention",
                                x -> kernels.cappedAttention(
                                        x.get(0), x.get(1), x.get(2), Masks.window(3, 2), 0.8, 0.7),
                                q,
                                k,
                                k),
                        op("causal", x -> kernels.causalAttention(x.get(0), x.get(1), x.get(2), 0.4), q, k, k),
                        op("rmsNorm", x -> kernels.rmsNorm(x.get(0), x.get(1), 1e-6), shape(3, 4), shape(4)),
                        op(
                                "layerNorm",
                                x -> kernels.layerNorm(x.get(0), x.get(1), x.get(2), 1e-5),
                                shape(3, 4),
                                shape(4),
                                shape(4)),
                        op("geluTanh", x -> kernels.geluTanh(x.get(0)), shape(3, 4)),
                        op("silu", x -> kernels.silu(x.get(0)), shape(3, 4)),
                        op("tokenLogProbs", x -> logProbs(kernels, x.get(0), x.get(1)), shape(5, 3), shape(7, 3)),
                        op("tied table", x -> logProbs(kernels, tied(x.get(0)), x.get(0)), shape(7, 3)),
                        op("tied computed table", x -> tiedComputed(kernels, x.get(0)), shape(7, 3)),
                        op(
                                "computed table",
                                x -> logProbs(kernels, x.get(0).tanh(), x.get(1).sin()),
                                shape(5, 3),
                                shape(7, 3)),
                        op("capped", x -> logProbs(kernels, x.get(0), capped(x.get(1))), shape(5, 3), shape(7, 3)),
                        op(
                                "capped divergence",
                                x -> divergence(kernels, x.get(0), capped(x.get(1))),
                                shape(5, 3),
                                shape(7, 3)),
                        op(
                                "tokenDivergence",
                                x -> divergence(kernels, x.get(0), VocabularyHead.of(x.get(1))),
                                shape(5, 3),
                                shape(7, 3))));
    }

    private static Tensor tied(Tensor tableVD) {
        return tableVD.rows(Tensors.of(new long[] {1, 4, 4, 0, 6})).tanh();
    }

    private static Tensor tiedComputed(Kernels kernels, Tensor x) {
        Tensor tableVD = x.sin();
        return logProbs(kernels, tied(tableVD), tableVD);
    }

    private static VocabularyHead capped(Tensor unembeddingVD) {
        return new VocabularyHead(unembeddingVD, 0.6);
    }

    private static Tensor logProbs(Kernels kernels, Tensor hiddenND, Tensor unembeddingVD) {
        return logProbs(kernels, hiddenND, VocabularyHead.of(unembeddingVD));
    }

    private static Tensor logProbs(Kernels kernels, Tensor hiddenND, VocabularyHead head) {
        return kernels.tokenLogProbs(hiddenND, head, Tensors.of(new long[] {3, 0, 6, 3, 1}), 2);
    }

    private static Tensor divergence(Kernels kernels, Tensor hiddenND, VocabularyHead head) {
        Tensor referenceND = Numbers.doubles(71, 5, 2);
        VocabularyHead reference = new VocabularyHead(Numbers.doubles(72, 7, 2), head.softcap() / 2);
        return kernels.tokenDivergence(hiddenND, head, referenceND, reference, 2);
    }

    static Stream<Arguments> all() {
        return Stream.of(elementwise(), layout(), reductions(), kernels()).flatMap(Function.identity());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void gradientIsTheCentralDifference(String name, Function<List<Tensor>, Tensor> function, List<Shape> shapes) {
        try (Scope _ = Scope.open()) {
            List<double[]> values = new ArrayList<>();
            for (int i = 0; i < shapes.size(); i++) {
                values.add(Numbers.doubles(10 + i, shapes.get(i).sizes()).toDoubles());
            }
            List<double[]> gradients = gradients(function, values, shapes);
            for (int input = 0; input < values.size(); input++) {
                double[] differences = differences(function, values, shapes, input);
                assertThat(gradients.get(input))
                        .as("%s, input %s", name, input)
                        .containsExactly(differences, within(TOLERANCE));
            }
        }
    }

    private static List<double[]> gradients(
            Function<List<Tensor>, Tensor> function, List<double[]> values, List<Shape> shapes) {
        try (Scope _ = Scope.open();
                Autograd.Mode _ = Autograd.recording()) {
            List<Tensor> leaves = tensors(values, shapes);
            leaves.forEach(Tensor::requireGradient);
            Tensor y = function.apply(leaves);
            Autograd.backward(y, Numbers.doubles(99, y.shape()));
            return leaves.stream().map(leaf -> gradient(leaf)).toList();
        }
    }

    private static double[] gradient(Tensor leaf) {
        @Nullable Tensor gradient = leaf.gradient();
        return gradient == null ? new double[0] : gradient.toDoubles();
    }

    private static double[] differences(
            Function<List<Tensor>, Tensor> function, List<double[]> values, List<Shape> shapes, int input) {
        double[] moved = values.get(input);
        double[] differences = new double[moved.length];
        for (int i = 0; i < moved.length; i++) {
            double middle = moved[i];
            moved[i] = middle + STEP;
            double above = weighted(function, values, shapes);
            moved[i] = middle - STEP;
            double below = weighted(function, values, shapes);
            moved[i] = middle;
            differences[i] = (above - below) / (2 * STEP);
        }
        return differences;
    }

    private static double weighted(Function<List<Tensor>, Tensor> function, List<double[]> values, List<Shape> shapes) {
        try (Scope _ = Scope.open()) {
            Tensor y = function.apply(tensors(values, shapes));
            return y.times(Numbers.doubles(99, y.shape())).sum().asDouble();
        }
    }

    private static List<Tensor> tensors(List<double[]> values, List<Shape> shapes) {
        List<Tensor> tensors = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            tensors.add(Tensors.of(values.get(i), shapes.get(i).sizes()));
        }
        return tensors;
    }
}
