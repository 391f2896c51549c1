package io.goodhart.tuning.model;

import io.goodhart.domain.model.Pooling;
import io.goodhart.lm.hook.HookPoint;

/**
 * What a probe reads of a text in training.
 *
 * @param point where
 * @param pooling how the activations of all tokens of a text, its prompt included, become one vector
 */
public record Tap(HookPoint point, Pooling pooling) {}
