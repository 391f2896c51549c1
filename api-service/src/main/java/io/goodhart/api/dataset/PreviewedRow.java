package io.goodhart.api.dataset;

import tools.jackson.databind.JsonNode;

/**
 * One row of a data set.
 *
 * @param row its position, from 1: what the next page comes after
 * @param line the line of the file that it begins in
 * @param fields its values; a text that is not shown is its number of characters
 */
record PreviewedRow(long row, long line, JsonNode fields) {}
