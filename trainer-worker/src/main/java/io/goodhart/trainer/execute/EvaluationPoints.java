package io.goodhart.trainer.execute;

import io.goodhart.trainer.child.TaskContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * When a training is evaluated: point p of P is reached after round(p · steps / (P − 1)) steps, so that the first is the untrained
 * start and the last the trained model. A short training reaches several points at once.
 *
 * @param count P, at least two
 * @param total optimiser steps of the training
 */
record EvaluationPoints(int count, int total) {
    private static final String OUTPUT = "weights.";

    EvaluationPoints {
        if (count < 2 || total < 1) {
            throw new IllegalArgumentException("Need two points and a step, got %d and %d".formatted(count, total));
        }
    }

    /** Name of the output with the weights of a point. */
    static String output(int point) {
        return OUTPUT + point;
    }

    int step(int point) {
        return Math.toIntExact(Math.round(point * (double) total / (count - 1)));
    }

    /** The step of each point. */
    List<Integer> stepOfEach() {
        List<Integer> all = new ArrayList<>();
        for (int point = 0; point < count; point++) {
            all.add(step(point));
        }
        return all;
    }

    /** Steps after which weights are kept; the start needs none, but a point that coincides with it does. */
    Set<Integer> steps() {
        Set<Integer> all = new TreeSet<>();
        for (int point = 1; point < count; point++) {
            all.add(step(point));
        }
        return all;
    }

    /** Points from 1 on that are reached after so many steps. */
    List<Integer> at(int step) {
        List<Integer> points = new ArrayList<>();
        for (int point = 1; point < count; point++) {
            if (step(point) == step) {
                points.add(point);
            }
        }
        return points;
    }

    /** Takes the weights that an earlier attempt kept over into this attempt's outputs. */
    static void recover(Path directory, TaskContext context) {
        try {
            for (int point = 1; Files.exists(directory.resolve(output(point))); point++) {
                Files.move(directory.resolve(output(point)), context.output(output(point)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
