package io.goodhart.probeservice.oip;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a probe answers for each row. */
enum Output {
    /** p(y = 1 | x). */
    PROBABILITY("FP64"),
    /** Log-odds. */
    LOGIT("FP64"),
    /** Whether the probability reaches the calibrated threshold. */
    FLAGGED("BOOL");

    private final String datatype;

    Output(String datatype) {
        this.datatype = datatype;
    }

    String datatype() {
        return datatype;
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Output> byName(String name) {
        return Arrays.stream(values())
                .filter(output -> output.wireName().equals(name))
                .findFirst();
    }
}
