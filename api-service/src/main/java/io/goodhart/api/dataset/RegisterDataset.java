package io.goodhart.api.dataset;

import io.goodhart.domain.model.DataFormat;
import org.jspecify.annotations.Nullable;

/**
 * What to register.
 *
 * @param name what experiments may call it; lower-case letters, digits, {@code .}, {@code _} and {@code -}
 * @param source path of the file, relative to the files root
 * @param format how its rows are written; by the file's name and its first bytes if absent
 */
record RegisterDataset(String name, String source, @Nullable DataFormat format) {}
