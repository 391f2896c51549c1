package io.goodhart.probing.collect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;
import java.util.PriorityQueue;

/** The running scores of {@link TokenAggregation}. */
final class RunningScores {
    private RunningScores() {}

    static final class OfSum implements RunningScore {
        private final boolean divided;
        private double sum;
        private int count;

        OfSum(boolean divided) {
            this.divided = divided;
        }

        @Override
        public void add(double logit) {
            sum += logit;
            count++;
        }

        @Override
        public OptionalDouble value() {
            if (count == 0) {
                return OptionalDouble.empty();
            }
            return OptionalDouble.of(divided ? sum / count : sum);
        }
    }

    static final class OfLast implements RunningScore {
        private OptionalDouble last = OptionalDouble.empty();

        @Override
        public void add(double logit) {
            last = OptionalDouble.of(logit);
        }

        @Override
        public OptionalDouble value() {
            return last;
        }
    }

    static final class OfEma implements RunningScore {
        private final double alpha;
        private double average;
        private OptionalDouble highest = OptionalDouble.empty();

        OfEma(double alpha) {
            this.alpha = alpha;
        }

        @Override
        public void add(double logit) {
            average = highest.isEmpty() ? logit : alpha * logit + (1 - alpha) * average;
            highest = OptionalDouble.of(Math.max(highest.orElse(average), average));
        }

        @Override
        public OptionalDouble value() {
            return highest;
        }
    }

    static final class OfTop implements RunningScore {
        private final int k;
        private final PriorityQueue<Double> largest = new PriorityQueue<>();

        OfTop(int k) {
            this.k = k;
        }

        @Override
        public void add(double logit) {
            largest.add(logit);
            if (largest.size() > k) {
                largest.remove();
            }
        }

        @Override
        public OptionalDouble value() {
            return largest.stream().mapToDouble(Double::doubleValue).average();
        }
    }

    static final class OfWindow implements RunningScore {
        private final int window;
        private final Deque<Double> latest = new ArrayDeque<>();
        private OptionalDouble highestFull = OptionalDouble.empty();

        OfWindow(int window) {
            this.window = window;
        }

        @Override
        public void add(double logit) {
            latest.addLast(logit);
            if (latest.size() > window) {
                latest.removeFirst();
            }
            if (latest.size() == window) {
                double mean = mean().getAsDouble();
                highestFull = OptionalDouble.of(Math.max(highestFull.orElse(mean), mean));
            }
        }

        @Override
        public OptionalDouble value() {
            return highestFull.isPresent() ? highestFull : mean();
        }

        private OptionalDouble mean() {
            return latest.stream().mapToDouble(Double::doubleValue).average();
        }
    }
}
