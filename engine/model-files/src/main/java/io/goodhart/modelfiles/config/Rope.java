package io.goodhart.modelfiles.config;

import java.util.List;

/**
 * Rotary positions. Su et al. 2021, arXiv:2104.09864: the pair (x_i, x_{i+R/2}) is turned by the angle p·f_i, f_i = θ^(−2i/R)
 * before scaling.
 *
 * @param dims R, even: the first R of the K entries of a head are turned, the others stay
 * @param base θ
 * @param scaling what longer contexts do to the frequencies
 */
public record Rope(int dims, double base, Scaling scaling) {
    /** What longer contexts do to the frequencies. */
    public sealed interface Scaling {
        /** Nothing. */
        record None() implements Scaling {}

        /** f/factor: Chen et al. 2023, arXiv:2306.15595. */
        record Linear(double factor) implements Scaling {}

        /**
         * Llama 3.1: f stays where its wavelength 2π/f is below original/high, is f/factor where it is above original/low, and
         * is blended in between by s = (original·f/2π − low)/(high − low), f·s + f/factor·(1 − s).
         */
        record Llama3(double factor, double low, double high, double original) implements Scaling {}

        /**
         * f_i/divisors_i, and cosines and sines times a magnitude: Ding et al. 2024, arXiv:2402.13753, within the context of the
         * pre-training, where the short factors hold.
         */
        record LongRope(List<Double> divisors, double magnitude) implements Scaling {
            public LongRope {
                divisors = List.copyOf(divisors);
            }
        }
    }

    /** f_i of all R/2 pairs, in radians per position. */
    public double[] frequencies() {
        double[] frequencies = new double[dims / 2];
        for (int i = 0; i < frequencies.length; i++) {
            double plain = Math.pow(base, -2.0 * i / dims);
            frequencies[i] = switch (scaling) {
                case Scaling.None none -> plain;
                case Scaling.Linear linear -> plain / linear.factor();
                case Scaling.Llama3 llama3 -> scaled(plain, llama3);
                case Scaling.LongRope longRope -> plain / longRope.divisors().get(i);
            };
        }
        return frequencies;
    }

    private static double scaled(double plain, Scaling.Llama3 llama3) {
        double turns = llama3.original() * plain / (2 * Math.PI); // original context over wavelength
        if (turns > llama3.high()) {
            return plain;
        }
        if (turns < llama3.low()) {
            return plain / llama3.factor();
        }
        double share = (turns - llama3.low()) / (llama3.high() - llama3.low());
        return plain * share + plain / llama3.factor() * (1 - share);
    }

    /** What cosines and sines are multiplied by. */
    public double magnitude() {
        return scaling instanceof Scaling.LongRope longRope ? longRope.magnitude() : 1;
    }
}
