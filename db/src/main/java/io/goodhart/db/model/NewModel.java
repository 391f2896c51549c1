package io.goodhart.db.model;

import io.goodhart.db.queue.Output;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A source to register.
 *
 * @param name what experiments may call it
 * @param archive the archive that was uploaded as this source
 */
public record NewModel(String source, @Nullable String name, Optional<Output> archive) {}
