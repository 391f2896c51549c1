package io.goodhart.lm.adapter;

import org.jspecify.annotations.Nullable;

/** Holds the adapter that a model computes with, if any. For one compute thread. */
public final class AdapterSlot {
    private @Nullable LoraAdapter adapter;
    private int switchedOff;

    /** A model without adapter. */
    public AdapterSlot() {}

    /** Sets the adapter, or null for none. The adapter stays the caller's to close. */
    public void set(@Nullable LoraAdapter next) {
        adapter = next;
    }

    /** The adapter that is set, switched off or not. */
    public @Nullable LoraAdapter get() {
        return adapter;
    }

    /** Whether an adapter takes part. */
    public boolean isOn() {
        return adapter != null && switchedOff == 0;
    }

    /** The pair for a module if there is an adapter, it is on, and it has one. */
    public @Nullable LoraPair pair(String module) {
        LoraAdapter current = adapter;
        return current != null && isOn() ? current.pair(module) : null;
    }

    /** Switches the adapter off until the result is closed. */
    public Off switchOff() {
        switchedOff++;
        return new Off();
    }

    /** While it is open the adapter is off. */
    public final class Off implements AutoCloseable {
        private boolean open = true;

        private Off() {}

        @Override
        public void close() {
            if (open) {
                open = false;
                switchedOff--;
            }
        }
    }
}
