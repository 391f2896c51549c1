package io.goodhart.api.report;

import io.goodhart.domain.report.Comparison;
import io.goodhart.domain.report.Estimate;
import java.math.BigDecimal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers as people read them. */
final class Numbers {
    /** What stands where nothing was measured. */
    static final String ABSENT = "–";

    private Numbers() {}

    /** {@code 0.406}, in a form that does not depend on the machine's language. */
    static String fixed(@Nullable Double value, int decimals) {
        if (value == null) {
            return ABSENT;
        }
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return text.startsWith("-") ? minus(text) : text;
    }

    /** {@code +0.012} or {@code −0.283}. */
    static String signed(@Nullable Double value, int decimals) {
        if (value == null) {
            return ABSENT;
        }
        return minus(String.format(Locale.ROOT, "%+." + decimals + "f", value));
    }

    /** {@code 0.80 [0.76, 0.84]}. */
    static String estimate(@Nullable Estimate estimate, int decimals) {
        if (estimate == null) {
            return ABSENT;
        }
        return fixed(estimate.value(), decimals) + interval(estimate.lower(), estimate.upper(), decimals);
    }

    /** {@code +0.012 [−0.003, 0.027]}. */
    static String signed(@Nullable Estimate difference, int decimals) {
        if (difference == null) {
            return ABSENT;
        }
        return signed(difference.value(), decimals) + interval(difference.lower(), difference.upper(), decimals);
    }

    /** {@code −0.28 [−0.33, −0.24]}. */
    static String difference(@Nullable Comparison comparison, int decimals) {
        if (comparison == null) {
            return ABSENT;
        }
        return signed(comparison.difference(), decimals) + interval(comparison.lower(), comparison.upper(), decimals);
    }

    /** {@code 0.021} or {@code < 0.001}: the corrected p where there is one. */
    static String p(@Nullable Comparison comparison) {
        if (comparison == null) {
            return ABSENT;
        }
        return p(comparison.adjustedP() == null ? comparison.p() : comparison.adjustedP());
    }

    /** {@code 0.021} or {@code < 0.001}. */
    static String p(@Nullable Double p) {
        if (p == null) {
            return ABSENT;
        }
        return p < 0.001 ? "< 0.001" : fixed(p, 3);
    }

    /** {@code 0.034}: the smallest difference that would have been found. */
    static String detectable(@Nullable Comparison comparison) {
        return comparison == null ? ABSENT : fixed(comparison.detectable(), 3);
    }

    /** {@code 12 %}. */
    static String percent(@Nullable Double share, int decimals) {
        return share == null ? ABSENT : fixed(share * 100, decimals) + " %";
    }

    /** A change by a factor: {@code +23 %}. */
    static String change(@Nullable Double ratio) {
        return ratio == null ? ABSENT : signed((ratio - 1) * 100, Math.abs(ratio - 1) < 0.0995 ? 1 : 0) + " %";
    }

    /** As many decimals as the number needs to show four digits: perplexities, losses. */
    static String compact(@Nullable Double value) {
        if (value == null) {
            return ABSENT;
        }
        double size = Math.abs(value);
        return fixed(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 || size == 0 ? 2 : 3);
    }

    /** {@code 0.180 (0.11)}: what was measured, and what was published if anything was. */
    static String beside(String measured, @Nullable Double published) {
        return published == null ? measured : "%s (%s)".formatted(measured, plain(published));
    }

    /** A number as people write it: 1, 0.5, 1000. */
    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String interval(@Nullable Double lower, @Nullable Double upper, int decimals) {
        return lower == null || upper == null
                ? ""
                : " [" + fixed(lower, decimals) + ", " + fixed(upper, decimals) + "]";
    }

    private static String minus(String text) {
        boolean zero = text.chars().allMatch(c -> "+-0.".indexOf(c) >= 0);
        return zero ? text.replaceFirst("[+-]", "") : text.replace('-', '−');
    }
}
