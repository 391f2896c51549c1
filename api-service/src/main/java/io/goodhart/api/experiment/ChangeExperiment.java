package io.goodhart.api.experiment;

/**
 * What to change of an experiment.
 *
 * @param priority how urgent it is from now on
 */
record ChangeExperiment(int priority) {}
