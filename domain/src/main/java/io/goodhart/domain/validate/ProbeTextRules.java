package io.goodhart.domain.validate;

import io.goodhart.domain.plan.ProbeTexts;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.spec.ProbeTextSpec;

/** Rules that hold the labelled texts that probes are fitted on against their data set. */
final class ProbeTextRules {
    private static final String FIELD = "probes.labelled_texts";

    private ProbeTextRules() {}

    static void check(ExperimentSpec spec, ValidationFacts facts, Problems problems, Problems warnings) {
        ProbeTextSpec labelled = spec.probes().labelledTexts();
        if (labelled == null) {
            return;
        }
        TextFacts texts = facts.texts(FIELD);
        int negatives = texts.eligible() - texts.positives();
        long needed = ProbeTexts.required(spec);
        if (texts.eligible() < needed) {
            problems.add(
                    "data_too_small",
                    FIELD + ".dataset",
                    "%d texts are needed (every probe has %d of its own), the data has %d that fit"
                            .formatted(needed, spec.probes().promptsPerProbe(), texts.eligible()));
        } else if (labelled.balanced() && Math.min(texts.positives(), negatives) < needed / 2) {
            problems.add(
                    "data_too_small",
                    FIELD + ".dataset",
                    "%d texts of each class are needed, the data has %d positive and %d negative"
                            .formatted(needed / 2, texts.positives(), negatives));
        } else if (texts.positives() == 0 || negatives == 0) {
            problems.add(
                    "one_class",
                    FIELD + ".label",
                    "A probe needs texts of both classes, and every label is "
                            + LabelRules.only(labelled.rule(), negatives == 0));
        }
        texts.warnIfCut(FIELD, facts.model().context(), warnings);
    }
}
