package io.goodhart.api.facts;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Remembers what was read from files, for as long as their stamps stay what they were. Whoever asks while the same thing is
 * being read waits for it. Failures are not remembered. Thread-safe; keeps the most recently used entries.
 */
final class StampedCache<K, V> {
    private final Map<K, Entry<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final int capacity;

    StampedCache(int capacity) {
        this.capacity = capacity;
    }

    /** The value of a key: remembered if the stamp is the remembered one, else read. */
    V get(K key, Object stamp, Callable<V> read) {
        Entry<V> entry = entry(key, stamp, read);
        entry.task.run(); // does nothing if it has run or runs elsewhere
        try {
            return entry.task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while reading " + key, e);
        } catch (ExecutionException e) {
            forget(key, entry);
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Cannot read " + key, e.getCause());
        }
    }

    private synchronized Entry<V> entry(K key, Object stamp, Callable<V> read) {
        Entry<V> known = entries.get(key);
        if (known != null && known.stamp.equals(stamp)) {
            return known;
        }
        Entry<V> fresh = new Entry<>(stamp, new FutureTask<>(read));
        entries.put(key, fresh);
        if (entries.size() > capacity) {
            entries.remove(entries.keySet().iterator().next());
        }
        return fresh;
    }

    private synchronized void forget(K key, Entry<V> entry) {
        entries.remove(key, entry);
    }

    private record Entry<V>(Object stamp, FutureTask<V> task) {}
}
