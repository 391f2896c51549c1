package io.goodhart.api.report;

import io.goodhart.domain.report.Report;
import io.goodhart.domain.spec.ReferenceCurves;
import io.goodhart.domain.spec.ReferenceNumbers;
import io.goodhart.domain.spec.ReferenceProbes;
import io.goodhart.domain.spec.ReferenceSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every number that a specification says was published. */
final class PublishedNumbers {
    private static final String FINAL = "published";

    private final @Nullable ReferenceSpec reference;
    private final List<Row> rows = new ArrayList<>();
    private String arm = "";

    PublishedNumbers(Report report) {
        this.reference = report.reference();
    }

    /**
     * One number.
     *
     * @param arm empty: of the probes
     * @param detail of the final evaluation, or at which point
     */
    record Row(String arm, String quantity, String detail, double value) {}

    List<Row> all() {
        if (reference != null) {
            if (reference.probes() != null) {
                add(reference.probes());
            }
            reference.numbers().forEach((name, numbers) -> {
                arm = name;
                add(numbers);
                if (numbers.overTraining() != null) {
                    add(numbers.overTraining());
                }
            });
        }
        return List.copyOf(rows);
    }

    private void add(ReferenceProbes probes) {
        add("layer", FINAL, probes.layer() == null ? null : Double.valueOf(probes.layer()));
        if (probes.cosine() != null) {
            add("cosine_mean", FINAL, probes.cosine().mean());
            add("cosine_lowest", FINAL, probes.cosine().lowest());
            add("cosine_highest", FINAL, probes.cosine().highest());
        }
    }

    private void add(ReferenceNumbers numbers) {
        add("rate", FINAL, numbers.rate());
        add("auroc train own", FINAL, numbers.aurocTrain());
        add("auroc held_out own", FINAL, numbers.aurocHeldOut());
        add("auroc retrained own", FINAL, numbers.aurocRetrained());
        numbers.perplexity().forEach((corpus, value) -> add("perplexity " + corpus, FINAL, value));
    }

    private void add(ReferenceCurves curves) {
        add("rate", curves.rate());
        add("auroc train own", curves.aurocTrain());
        add("auroc held_out own", curves.aurocHeldOut());
        add("auroc retrained own", curves.aurocRetrained());
        curves.perplexity().forEach((corpus, values) -> add("perplexity " + corpus, values));
    }

    private void add(String quantity, List<Double> values) {
        for (int point = 0; point < values.size(); point++) {
            add(quantity, FINAL + " point " + point, values.get(point));
        }
    }

    private void add(String quantity, String detail, @Nullable Double value) {
        if (value != null) {
            rows.add(new Row(arm, quantity, detail, value));
        }
    }
}
