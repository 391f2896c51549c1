package io.goodhart.probing.collect;

import java.util.OptionalDouble;

/** A score that grows with each token. Not thread-safe. */
public interface RunningScore {
    /** Takes the logit of the next kept token. */
    void add(double logit);

    /** The score of the tokens so far; empty before the first. */
    OptionalDouble value();
}
