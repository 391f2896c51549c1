package io.goodhart.db.model;

import java.time.Instant;
import java.util.Optional;

/** A registered model. */
public record ModelView(ModelId id, String source, Optional<String> name, ModelState state, Instant createdAt) {}
