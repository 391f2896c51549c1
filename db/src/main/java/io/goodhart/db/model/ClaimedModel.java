package io.goodhart.db.model;

import java.util.UUID;

/**
 * A registration that one process works on.
 *
 * @param owner what every write names; the database refuses any other
 */
public record ClaimedModel(ModelId id, String source, UUID owner) {}
