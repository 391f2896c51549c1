package io.goodhart.domain.spec;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, and when. Evaluations during training and the final one are distinct results.
 *
 * @param prompts prompts of the final evaluation
 * @param pointPrompts prompts of each evaluation during training; the first ones of the final set
 * @param dpoPoints evaluations over a DPO training, the start and the end among them
 * @param sftPoints evaluations over an SFT training, the start and the end among them
 * @param perplexity corpora by name
 * @param pointTexts texts of each corpus that an evaluation during training reads
 * @param labelledTexts texts with labels of their own; none if absent
 */
public record EvaluationSpec(
        Integer prompts,
        Integer pointPrompts,
        Integer dpoPoints,
        Integer sftPoints,
        Map<String, TextSpec> perplexity,
        Integer pointTexts,
        @Nullable LabelledTextSpec labelledTexts) {
    public static final EvaluationSpec DEFAULTS = new EvaluationSpec(300, 100, 11, 7, Map.of(), 100, null);

    public EvaluationSpec {
        prompts = Require.orElse(prompts, 300);
        pointPrompts = Require.orElse(pointPrompts, 100);
        dpoPoints = Require.orElse(dpoPoints, 11);
        sftPoints = Require.orElse(sftPoints, 7);
        perplexity = Collections.unmodifiableMap(new LinkedHashMap<>(Require.orElse(perplexity, Map.of())));
        pointTexts = Require.orElse(pointTexts, 100);
    }
}
