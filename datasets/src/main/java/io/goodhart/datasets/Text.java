package io.goodhart.datasets;

import java.util.Optional;

/**
 * A text, with its label if it has one.
 *
 * @param rowId id of its row
 * @param text the text
 * @param positive whether its label is a positive one
 */
public record Text(String rowId, String text, Optional<Boolean> positive) {}
