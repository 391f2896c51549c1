package io.goodhart.api.model;

import org.jspecify.annotations.Nullable;

/**
 * What to register.
 *
 * @param source {@code hf://owner/name@revision}; {@code artifact://} and the sha256 of an archive in the artifact store; or a
 *     directory or an archive by its path relative to the files root
 * @param name what experiments may call it; lower-case letters, digits, {@code .}, {@code _} and {@code -}
 */
record RegisterModel(String source, @Nullable String name) {}
