package io.goodhart.db.experiment;

import io.goodhart.domain.model.ArtifactId;
import io.goodhart.domain.plan.TaskSpec;

/**
 * The final evaluation of one run.
 *
 * @param evaluation what was measured on what
 * @param details the numbers per text
 * @param fixedTexts the responses that every model of the experiment read: equal ids are equal texts
 */
public record MeasuredRun(
        String arm, long seed, TaskSpec.Evaluate evaluation, ArtifactId details, ArtifactId fixedTexts) {}
