package io.goodhart.db.queue;

import java.util.Collection;
import java.util.UUID;
import org.springframework.jdbc.core.RowMapper;

/** How values are handed to PostgreSQL and read from it. */
public final class Sql {
    /** Reads an id, which is the row's only column. */
    public static final RowMapper<UUID> ID = (row, number) -> row.getObject(1, UUID.class);

    /** Reads a text, which is the row's only column. */
    public static final RowMapper<String> TEXT = (row, number) -> row.getString(1);

    private Sql() {}

    /** For {@code cast(:ids as uuid[])}. */
    public static String[] uuids(Collection<UUID> ids) {
        return ids.stream().map(UUID::toString).toArray(String[]::new);
    }

    /** Text columns cannot hold the character NUL; whoever sends one gets a visible sign instead. */
    public static String text(String text) {
        return text.replace('\0', '\uFFFD');
    }
}
