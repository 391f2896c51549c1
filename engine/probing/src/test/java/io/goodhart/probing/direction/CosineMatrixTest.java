package io.goodhart.probing.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.probing.DenseVector;
import java.util.List;
import org.junit.jupiter.api.Test;

class CosineMatrixTest {
    /** Wehner and Fritz 2025, appendix A: ten probes, upper triangle row by row. */
    private static final double[] PUBLISHED = {
        .21, .25, .31, .26, .24, .24, .33, .22, .23, .24, .22, .30, .27, .21, .24, .21, .29, .29, .23, .26, .25, .30,
        .26, .25, .22, .21, .25, .26, .24, .26, .29, .23, .27, .20, .25, .31, .24, .27, .29, .27, .17, .24, .20, .23,
        .26
    };

    @Test
    void publishedMatrixHasThePublishedMeanAndRange() {
        CosineMatrix matrix = CosineMatrix.ofUpperTriangle(10, PUBLISHED);
        assertThat(matrix.mean().orElseThrow()).isCloseTo(0.2504, within(5e-5));
        assertThat(matrix.min()).hasValue(0.17);
        assertThat(matrix.max()).hasValue(0.33);
        assertThat(matrix.get(9, 8)).isEqualTo(.26);
        assertThat(matrix.get(0, 7)).isEqualTo(.33);
    }

    @Test
    void cosineIgnoresLengthAndKeepsTheSign() {
        DenseVector a = DenseVector.of(1, 2, -2);
        assertThat(CosineMatrix.cosine(a, a.scaled(7))).isCloseTo(1, within(1e-15));
        assertThat(CosineMatrix.cosine(a, a.scaled(-0.1))).isCloseTo(-1, within(1e-15));
        assertThat(CosineMatrix.cosine(a, DenseVector.of(2, 0, 1))).isZero();
        assertThat(CosineMatrix.cosine(a, DenseVector.of(3, 0, 4))).isCloseTo(-1 / 3.0, within(1e-15));
    }

    @Test
    void oneVectorHasNoPairs() {
        CosineMatrix matrix = CosineMatrix.of(List.of(DenseVector.of(1, 1)));
        assertThat(matrix.mean()).isEmpty();
        assertThat(matrix.min()).isEmpty();
        assertThat(matrix.max()).isEmpty();
    }

    @Test
    void aVectorOfLengthZeroIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CosineMatrix.of(List.of(DenseVector.of(1, 1), DenseVector.of(0, 0))))
                .withMessage("A vector of length zero has no direction");
    }
}
