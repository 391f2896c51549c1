package io.goodhart.lm.generate;

import io.goodhart.lm.block.KeyValueCache;
import io.goodhart.lm.decode.FusedDecoder;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.ComputeThread;
import io.goodhart.tensor.Tensor;
import java.util.List;
import java.util.Set;

/** Computes the next token of every row of a cache. */
sealed interface Stepper {
    /**
     * Hidden states [B,D] after the final norm.
     *
     * @param tokens one id per row
     * @param sums takes what is at its points
     */
    Tensor step(int[] tokens, KeyValueCache cache, PooledSums sums);

    /** Scores of every vocabulary entry, [B,D] to [B,V]. */
    Tensor logits(Tensor hiddenBD);

    /** Among how many threads rows are best divided. */
    int lanes();

    /** Operation by operation: the reference. */
    record Plain(DecoderModel model, Hooks hooks) implements Stepper {
        @Override
        public Tensor step(int[] tokens, KeyValueCache cache, PooledSums sums) {
            return model.step(tokens, cache, sums.after(hooks));
        }

        @Override
        public Tensor logits(Tensor hiddenBD) {
            return model.logits(hiddenBD);
        }

        /** Hooks know one thread. */
        @Override
        public int lanes() {
            return 1;
        }
    }

    /** By one native call. */
    final class Fused implements Stepper {
        /** Of larger models every lane would read the weights from memory once more. */
        private static final long CACHED_BYTES = 32L << 20;

        private final FusedDecoder decoder;
        private final List<HookPoint> points;
        private final FusedDecoder.Steps steps;

        Fused(FusedDecoder decoder, Set<HookPoint> points) {
            this.decoder = decoder;
            this.steps = decoder.at(points);
            this.points = steps.points();
        }

        @Override
        public Tensor step(int[] tokens, KeyValueCache cache, PooledSums sums) {
            List<Tensor> results = steps.step(tokens, cache);
            for (int i = 0; i < points.size(); i++) {
                sums.add(points.get(i), results.get(1 + i));
            }
            return results.get(0);
        }

        @Override
        public Tensor logits(Tensor hiddenBD) {
            return decoder.logits(hiddenBD);
        }

        @Override
        public int lanes() {
            return decoder.bytes() <= CACHED_BYTES ? ComputeThread.threads() : 1;
        }
    }
}
