package io.goodhart.datasets;

/**
 * A prompt.
 *
 * @param index its place in the seeded order of all eligible prompts, the same whatever slice it is read in
 * @param rowId id of the first row that has it
 * @param text what the model reads, with the template around it
 */
public record Prompt(int index, String rowId, String text) {}
