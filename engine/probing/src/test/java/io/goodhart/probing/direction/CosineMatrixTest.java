package io.goodhart.probing.direction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.goodhart.domain.SplitMix;
import io.goodhart.probing.DenseVector;
import java.util.List;
import org.junit.jupiter.api.Test;

class CosineMatrixTest {
    @Test
    void cosineIgnoresLengthAndKeepsTheSign() {
        DenseVector a = DenseVector.of(1, 2, -2);
        assertThat(CosineMatrix.cosine(a, a.scaled(7))).isCloseTo(1, within(1e-15));
        assertThat(CosineMatrix.cosine(a, a.scaled(-0.1))).isCloseTo(-1, within(1e-15));
        assertThat(CosineMatrix.cosine(a, DenseVector.of(2, 0, 1))).isZero();
        assertThat(CosineMatrix.cosine(a, DenseVector.of(3, 0, 4))).isCloseTo(-1 / 3.0, within(1e-15));
    }

    @Test
    void matrixIsSymmetricWithOnesOnItsDiagonal() {
        DenseVector a = DenseVector.of(1, 2, -2);
        DenseVector b = DenseVector.of(3, 0, 4);
        DenseVector c = DenseVector.of(2, 0, 1);
        List<List<Double>> rows = CosineMatrix.of(List.of(a, b, c));
        for (int i = 0; i < 3; i++) {
            assertThat(rows.get(i).get(i)).isCloseTo(1, within(1e-15));
            for (int j = 0; j < 3; j++) {
                assertThat(rows.get(i).get(j)).isEqualTo(rows.get(j).get(i));
            }
        }
        assertThat(rows.get(0).get(1)).isEqualTo(CosineMatrix.cosine(a, b));
        assertThat(rows.get(1).get(2)).isEqualTo(CosineMatrix.cosine(b, c));
    }

    /** Some of these products exceed that of the lengths by their rounding. */
    @Test
    void roundingNeverLeavesTheRange() {
        SplitMix random = new SplitMix(5);
        for (int n = 0; n < 200; n++) {
            DenseVector a = DenseVector.of(random.uniform(), random.uniform(), random.uniform());
            assertThat(CosineMatrix.cosine(a, a)).isLessThanOrEqualTo(1);
            assertThat(CosineMatrix.cosine(a, a.scaled(-3))).isGreaterThanOrEqualTo(-1);
        }
    }

    @Test
    void aVectorOfLengthZeroIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CosineMatrix.of(List.of(DenseVector.of(1, 1), DenseVector.of(0, 0))))
                .withMessage("A vector of length zero has no direction");
    }
}
