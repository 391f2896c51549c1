package io.goodhart.benchmarks.memory;

import io.goodhart.tensor.Scope;
import java.util.ArrayList;
import java.util.List;

/** Resident memory and live tensors while something repeats. */
public final class Growth {
    private final List<Double> megabytes = new ArrayList<>();
    private final List<Long> handles = new ArrayList<>();

    /** One reading; call it at the same place of every repetition. */
    public void read() {
        megabytes.add(ResidentMemory.megabytes());
        handles.add(Scope.liveHandles());
    }

    /** Readings made. */
    public int readings() {
        return megabytes.size();
    }

    /** Megabytes gained per hundred repetitions: slope of a straight line through the last four fifths of the readings. */
    public double megabytesPerHundred() {
        int from = megabytes.size() / 5;
        int count = megabytes.size() - from;
        double middle = (count - 1) / 2.0;
        double above = 0;
        double below = 0;
        for (int i = 0; i < count; i++) {
            above += (i - middle) * megabytes.get(from + i);
            below += (i - middle) * (i - middle);
        }
        return 100 * above / below;
    }

    /** Resident memory at the first reading behind the warm-up. */
    public double firstMegabytes() {
        return megabytes.get(megabytes.size() / 5);
    }

    /** Resident memory at the last reading. */
    public double lastMegabytes() {
        return megabytes.getLast();
    }

    /** Live tensors at the last reading minus those at the first one behind the warm-up. */
    public long handlesGained() {
        return handles.getLast() - handles.get(handles.size() / 5);
    }

    /** Live tensors at the last reading. */
    public long handles() {
        return handles.getLast();
    }
}
