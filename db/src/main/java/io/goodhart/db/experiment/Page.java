package io.goodhart.db.experiment;

import java.util.List;

/** A part of a list, newest first, and whether more follows. */
public record Page<T>(List<T> items, boolean hasMore) {
    public Page {
        items = List.copyOf(items);
    }

    /** A page of at most {@code limit} items; one item more than that says that more follows. */
    public static <T> Page<T> of(List<T> found, int limit) {
        return new Page<>(found.subList(0, Math.min(limit, found.size())), found.size() > limit);
    }
}
