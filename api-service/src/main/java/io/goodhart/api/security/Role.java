package io.goodhart.api.security;

/** What a key may do; each role includes the ones before it. */
public enum Role {
    /** Reads everything. */
    READER,
    /** Submits, validates, prioritises and cancels experiments. */
    SUBMITTER,
    /** Also reads the management endpoints. */
    ADMIN;

    boolean includes(Role needed) {
        return compareTo(needed) >= 0;
    }
}
