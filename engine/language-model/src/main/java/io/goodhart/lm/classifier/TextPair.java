package io.goodhart.lm.classifier;

/** Two texts that are judged together, such as a claim and its evidence. */
public record TextPair(String first, String second) {}
