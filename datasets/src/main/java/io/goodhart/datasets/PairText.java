package io.goodhart.datasets;

/**
 * A preference pair as a model reads it: each completion follows the prompt.
 *
 * @param isChat whether a chat template wrote the texts, with every special token in them
 */
public record PairText(String prompt, String chosen, String rejected, boolean isChat) {}
