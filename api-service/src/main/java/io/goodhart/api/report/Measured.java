package io.goodhart.api.report;

import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskSpec;
import io.goodhart.domain.report.RunDetails;

/**
 * One run's numbers per text, and what they were measured on.
 *
 * @param fixedTexts the responses that every model of the experiment read: equal ids are equal texts
 */
public record Measured(TaskSpec.Evaluate evaluation, ArtifactId fixedTexts, RunDetails details) {}
