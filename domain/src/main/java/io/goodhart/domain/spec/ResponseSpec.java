package io.goodhart.domain.spec;

/**
 * How responses are sampled.
 *
 * @param maxNewTokens at most so many tokens
 * @param temperature 0 is greedy: the most likely token is taken, so that neither of the following changes anything
 * @param topK keep the k most likely tokens; 0 keeps all
 * @param topP keep the smallest set of tokens with this probability; 1 keeps all
 */
public record ResponseSpec(Integer maxNewTokens, Double temperature, Integer topK, Double topP) {
    public static final ResponseSpec DEFAULTS = new ResponseSpec(64, 1.0, 0, 1.0);

    public ResponseSpec {
        maxNewTokens = Require.orElse(maxNewTokens, 64);
        temperature = Require.orElse(temperature, 1.0);
        topK = Require.orElse(topK, 0);
        topP = Require.orElse(topP, 1.0);
    }

    /** Whether a response depends on a seed; greedy ones do not. */
    public boolean drawsRandomly() {
        return temperature != 0;
    }

    /** The same responses, said by what changes them alone. */
    public ResponseSpec inEffect() {
        return drawsRandomly() ? this : new ResponseSpec(maxNewTokens, 0.0, 0, 1.0);
    }
}
