package io.goodhart.probing.collect;

import io.goodhart.probing.DenseVector;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Several heads that each keep their highest value over the tokens: Σ_h max_t v_h·x_t. Kramár et al. 2026, arXiv:2601.11516, section 3. Token by token; not thread-safe.
 */
public final class MultiMax {
    private final List<DenseVector> heads;
    private final double[] highest;
    private boolean started;

    /**
     * No tokens yet.
     *
     * @param heads v_h, one or more
     */
    public MultiMax(List<DenseVector> heads) {
        if (heads.isEmpty()) {
            throw new IllegalArgumentException("Need a head or more");
        }
        this.heads = List.copyOf(heads);
        this.highest = new double[heads.size()];
        Arrays.fill(highest, Double.NEGATIVE_INFINITY);
    }

    /** Takes the activation x_t of the next kept token. */
    public void add(DenseVector activation) {
        started = true;
        for (int h = 0; h < highest.length; h++) {
            highest[h] = Math.max(highest[h], heads.get(h).dot(activation));
        }
    }

    /** The score of the tokens so far; empty before the first. */
    public OptionalDouble value() {
        return started ? OptionalDouble.of(Arrays.stream(highest).sum()) : OptionalDouble.empty();
    }
}
