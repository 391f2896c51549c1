package io.goodhart.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Numbers per row of h·W_Uᵀ without the whole [N,V].
 *
 * <p>Each number y_n depends on its own row h_n only, so the forward pass also computes its gradient j_n = ∂y_n/∂h_n [N,D] while
 * the chunk's probabilities exist, and returns y + Σ_d j·(h − detached h): the value of y with the exact gradient. The gradient of
 * W_U needs the upstream gradient: if it is wanted, the backward pass makes the chunk's probabilities again.
 */
final class Unembedding {
    private Unembedding() {}

    static Tensor logProbs(
            @Nullable TorchScriptKernels fast, Tensor hiddenND, Tensor unembeddingVD, Tensor targetsN, int chunk) {
        return new TargetRows(fast, unembeddingVD, targetsN, false)
                .apply(hiddenND, chunk)
                .get(0);
    }

    static TokenScores scores(
            @Nullable TorchScriptKernels fast, Tensor hiddenND, Tensor unembeddingVD, Tensor targetsN, int chunk) {
        List<Tensor> outputs = new TargetRows(fast, unembeddingVD, targetsN, true).apply(hiddenND, chunk);
        return new TokenScores(outputs.get(0), outputs.get(1), outputs.get(2), outputs.get(3));
    }

    static Tensor divergence(
            Tensor hiddenND, Tensor unembeddingVD, Tensor referenceND, Tensor referenceUnembeddingVD, int chunk) {
        return new DivergenceRows(unembeddingVD, referenceND, referenceUnembeddingVD)
                .apply(hiddenND, chunk)
                .get(0);
    }

    /** A number per row, its gradient in the row and in the logits. */
    private abstract static sealed class Rows {
        final Tensor unembeddingVD;

        Rows(Tensor unembeddingVD) {
            this.unembeddingVD = unembeddingVD;
        }

        abstract void check(Axes axes);

        /** The numbers of rows [from, to), further outputs without gradient; and last ∂y/∂h [n,D] if wanted. */
        abstract List<Tensor> forward(Tensor hiddenChunkND, long from, long to, boolean slope);

        /** ∂y_n/∂logits [n,V]. */
        abstract Tensor logitSlopes(Tensor hiddenChunkND, long from, long to);

        List<Tensor> apply(Tensor hiddenND, int chunk) {
            check(new Axes().bind("N D", hiddenND).bind("V D", unembeddingVD));
            if (chunk < 1) {
                throw new IllegalArgumentException("Need at least one row per chunk, got " + chunk);
            }
            boolean recording = Autograd.isRecording();
            boolean slope = recording && hiddenND.requiresGradient();
            boolean weight = recording && unembeddingVD.requiresGradient();
            List<Tensor> outputs = forwardAll(hiddenND, chunk, slope);
            Tensor values = outputs.get(0);
            if (slope) {
                Tensor slopesND = outputs.removeLast();
                values = values.plus(
                        slopesND.times(hiddenND.minus(hiddenND.detached())).sum(-1));
            }
            if (weight) {
                Tensor probeN = Tensors.zerosLike(values).requireGradient();
                Tensor rowsND = hiddenND.detached();
                Autograd.defer(
                        probeN, !unembeddingVD.isLeaf(), upstreamN -> addWeightGradient(rowsND, upstreamN, chunk));
                values = values.plus(probeN);
            }
            outputs.set(0, values);
            return outputs;
        }

        private List<Tensor> forwardAll(Tensor hiddenND, int chunk, boolean slope) {
            long rows = hiddenND.size(0);
            List<List<Tensor>> parts = new ArrayList<>();
            try (Scope all = Scope.open();
                    Autograd.Mode _ = Autograd.paused()) {
                for (long from = 0; from == 0 || from < rows; from += chunk) {
                    try (Scope one = Scope.open()) {
                        long to = Math.min(from + chunk, rows);
                        List<Tensor> part = forward(hiddenND.slice(0, from, to), from, to, slope);
                        part.forEach(one::keep);
                        parts.add(part);
                    }
                }
                List<Tensor> joined = new ArrayList<>();
                for (int output = 0; output < parts.get(0).size(); output++) {
                    int index = output;
                    Tensor[] pieces =
                            parts.stream().map(part -> part.get(index)).toArray(Tensor[]::new);
                    joined.add(all.keep(Tensors.concat(0, pieces)));
                }
                return joined;
            }
        }

        /** Adds Σ_n g_n · ∂y_n/∂logits ⊗ h_n to {@code sumVD} in place. */
        void addWeightGradient(Tensor sumVD, Tensor hiddenChunkND, Tensor upstreamN, long from, long to) {
            Tensor weightedND = upstreamN.unsqueeze(-1).times(hiddenChunkND);
            sumVD.addInPlace(
                    logitSlopes(hiddenChunkND, from, to).transpose(0, 1).matMul(weightedND));
        }

        private void addWeightGradient(Tensor hiddenND, Tensor upstreamN, int chunk) {
            long rows = hiddenND.size(0);
            try (Scope _ = Scope.open()) {
                Tensor gradientVD = Tensors.zerosLike(unembeddingVD);
                for (long from = 0; from < rows; from += chunk) {
                    try (Scope _ = Scope.open()) {
                        long to = Math.min(from + chunk, rows);
                        Tensor chunkND = hiddenND.slice(0, from, to);
                        addWeightGradient(gradientVD, chunkND, upstreamN.slice(0, from, to), from, to);
                    }
                }
                Autograd.accumulate(unembeddingVD, gradientVD);
            }
        }
    }

    /** y_n = log p_n(target); ∂y/∂logits = onehot − p. */
    private static final class TargetRows extends Rows {
        private final @Nullable TorchScriptKernels fast;
        private final Tensor targetsN;
        private final boolean withScores;

        TargetRows(@Nullable TorchScriptKernels fast, Tensor unembeddingVD, Tensor targetsN, boolean withScores) {
            super(unembeddingVD);
            this.fast = fast;
            this.targetsN = targetsN;
            this.withScores = withScores;
        }

        @Override
        void check(Axes axes) {
            axes.bind("N", targetsN);
        }

        @Override
        List<Tensor> forward(Tensor hiddenChunkND, long from, long to, boolean slope) {
            Tensor targets = targetsN.slice(0, from, to);
            if (fast != null) {
                return fast.targetRows(hiddenChunkND, unembeddingVD, targets, slope, withScores);
            }
            Tensor logitsNV = hiddenChunkND.linear(unembeddingVD);
            Tensor logProbsNV = logitsNV.logSoftmax(-1);
            List<Tensor> outputs = new ArrayList<>();
            outputs.add(logProbsNV.gatherLast(targets));
            @Nullable Tensor probsNV = slope || withScores ? logProbsNV.exp() : null;
            if (withScores && probsNV != null) {
                outputs.add(probsNV.times(logProbsNV).sum(-1).negated());
                outputs.add(logitsNV.argMax(-1));
                outputs.add(logitsNV.mean(-1));
            }
            if (slope && probsNV != null) {
                outputs.add(unembeddingVD.rows(targets).minus(probsNV.matMul(unembeddingVD)));
            }
            return outputs;
        }

        @Override
        void addWeightGradient(Tensor sumVD, Tensor hiddenChunkND, Tensor upstreamN, long from, long to) {
            if (fast == null) {
                super.addWeightGradient(sumVD, hiddenChunkND, upstreamN, from, to);
                return;
            }
            fast.addTargetSlopes(sumVD, hiddenChunkND, unembeddingVD, targetsN.slice(0, from, to), upstreamN);
        }

        @Override
        Tensor logitSlopes(Tensor hiddenChunkND, long from, long to) {
            Tensor probsNV = hiddenChunkND.linear(unembeddingVD).softmax(-1);
            Tensor positionsN1 = targetsN.slice(0, from, to).unsqueeze(-1);
            Tensor hitsN1 = Tensors.ones(probsNV.type(), to - from, 1);
            return Tensors.zerosLike(probsNV).scatter(1, positionsN1, hitsN1).minus(probsNV);
        }
    }

    /** y_n = Σ_v p_ref (log p_ref − log p); ∂y/∂logits = p − p_ref. */
    private static final class DivergenceRows extends Rows {
        private final Tensor referenceND;
        private final Tensor referenceUnembeddingVD;

        DivergenceRows(Tensor unembeddingVD, Tensor referenceND, Tensor referenceUnembeddingVD) {
            super(unembeddingVD);
            this.referenceND = referenceND;
            this.referenceUnembeddingVD = referenceUnembeddingVD;
        }

        @Override
        void check(Axes axes) {
            axes.bind("N *", referenceND).bind("V *", referenceUnembeddingVD);
        }

        private Tensor referenceLogProbs(long from, long to) {
            return referenceND.slice(0, from, to).linear(referenceUnembeddingVD).logSoftmax(-1);
        }

        @Override
        List<Tensor> forward(Tensor hiddenChunkND, long from, long to, boolean slope) {
            Tensor logProbsNV = hiddenChunkND.linear(unembeddingVD).logSoftmax(-1);
            Tensor referenceNV = referenceLogProbs(from, to);
            Tensor referenceProbsNV = referenceNV.exp();
            List<Tensor> outputs = new ArrayList<>();
            outputs.add(referenceProbsNV.times(referenceNV.minus(logProbsNV)).sum(-1));
            if (slope) {
                outputs.add(logProbsNV.exp().minus(referenceProbsNV).matMul(unembeddingVD));
            }
            return outputs;
        }

        @Override
        Tensor logitSlopes(Tensor hiddenChunkND, long from, long to) {
            return hiddenChunkND
                    .linear(unembeddingVD)
                    .softmax(-1)
                    .minus(referenceLogProbs(from, to).exp());
        }
    }
}
