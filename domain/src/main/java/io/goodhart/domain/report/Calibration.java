package io.goodhart.domain.report;

/**
 * How far a group's probabilities are from what happened; means over its probes and seeds. One class is enough.
 *
 * @param brier mean (p − y)²
 * @param expectedCalibrationError Σ over 15 bins of equal width of the share of texts · |mean y − mean p|
 */
public record Calibration(double brier, double expectedCalibrationError) {}
