package io.goodhart.api.web;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a list, newest first unless the list says otherwise. The next page starts after the last element's id.
 *
 * @param object always {@code list}
 * @param data the elements
 * @param hasMore whether there are more after the last one
 */
public record Page<T>(String object, List<T> data, boolean hasMore) {
    public Page {
        data = List.copyOf(data);
    }

    /** A page of at most {@code limit} of the elements; whoever asks for a page reads one element more than it shows. */
    public static <T> Page<T> of(List<T> oneMore, int limit) {
        boolean hasMore = oneMore.size() > limit;
        return new Page<>("list", hasMore ? oneMore.subList(0, limit) : oneMore, hasMore);
    }

    /** A page that was read from the database. */
    public static <S, T> Page<T> of(io.goodhart.db.experiment.Page<S> page, Function<? super S, T> outside) {
        return new Page<>("list", page.items().stream().map(outside).toList(), page.hasMore());
    }

    /** A list that is always whole. */
    public static <T> Page<T> whole(List<T> all) {
        return new Page<>("list", all, false);
    }
}
