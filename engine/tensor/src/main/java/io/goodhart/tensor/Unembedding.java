package io.goodhart.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Numbers per row of h·W_Uᵀ without the whole [N,V].
 *
 * <p>Each number y_n depends on its own row h_n only, so the forward pass also computes its gradient j_n = ∂y_n/∂h_n [N,D] while
 * the chunk's probabilities exist, and returns y + Σ_d j·(h − detached h): the value of y with the exact gradient. The gradient of
 * W_U needs the upstream gradient: if it is wanted, ∂y/∂logits is kept where a single chunk holds all rows, else the backward pass
 * makes it again, chunk by chunk.
 */
final class Unembedding {
    private Unembedding() {}

    static Tensor logProbs(
            @Nullable TorchScriptKernels fast, Tensor hiddenND, VocabularyHead head, Tensor targetsN, int chunk) {
        return new TargetRows(fast, head, targetsN, false)
                .apply(hiddenND, chunk)
                .get(0);
    }

    static TokenScores scores(
            @Nullable TorchScriptKernels fast, Tensor hiddenND, VocabularyHead head, Tensor targetsN, int chunk) {
        List<Tensor> outputs = new TargetRows(fast, head, targetsN, true).apply(hiddenND, chunk);
        return new TokenScores(outputs.get(0), outputs.get(1), outputs.get(2), outputs.get(3));
    }

    static Tensor divergence(
            @Nullable TorchScriptKernels fast,
            Tensor hiddenND,
            VocabularyHead head,
            Tensor referenceND,
            VocabularyHead referenceHead,
            int chunk) {
        return new DivergenceRows(fast, head, referenceND, referenceHead)
                .apply(hiddenND, chunk)
                .get(0);
    }

    /**
     * What a forward pass leaves for the backward one.
     *
     * @param ofHidden ∂y/∂h [n,D]
     * @param ofLogits ∂y/∂logits [n,V]
     */
    record Slopes(boolean ofHidden, boolean ofLogits) {}

    /** A number per row, its gradient in the row and in the logits. */
    private abstract static sealed class Rows {
        final @Nullable TorchScriptKernels fast;
        final VocabularyHead head;
        final Tensor unembeddingVD;

        Rows(@Nullable TorchScriptKernels fast, VocabularyHead head) {
            this.fast = fast;
            this.head = head;
            this.unembeddingVD = head.weightVD();
        }

        abstract void check(Axes axes);

        /**
         * The numbers of rows [from, to) and further outputs without gradient; behind them ∂y/∂logits [n,V] and ∂y/∂h [n,D] as
         * far as wanted, in this order.
         */
        abstract List<Tensor> forward(Tensor hiddenChunkND, long from, long to, Slopes wanted, List<Tensor> room);

        /** ∂y_n/∂logits [n,V], which may lie in the room. */
        abstract Tensor logitSlopes(Tensor hiddenChunkND, long from, long to, List<Tensor> room);

        /** Tensors [chunk,V] that are alive together. */
        abstract int alive();

        /** Where chunks that follow one another put what has V columns: freed and made again, it would not fit where it was. */
        private List<Tensor> room(Tensor hiddenND, int chunk) {
            boolean several = hiddenND.size(0) > chunk;
            return Stream.generate(() -> Tensors.zeros(hiddenND.type(), chunk, head.size()))
                    .limit(fast != null && several ? alive() : 0)
                    .toList();
        }

        List<Tensor> apply(Tensor hiddenND, int chunk) {
            check(new Axes().bind("N D", hiddenND).bind("V D", unembeddingVD));
            if (chunk < 1) {
                throw new IllegalArgumentException("Need at least one row per chunk, got " + chunk);
            }
            boolean recording = Autograd.isRecording();
            boolean slope = recording && hiddenND.requiresGradient();
            boolean weight = recording && unembeddingVD.requiresGradient();
            boolean keep = weight && hiddenND.size(0) <= chunk;
            List<Tensor> outputs = forwardAll(hiddenND, chunk, new Slopes(slope, keep));
            Tensor values = outputs.get(0);
            if (slope) {
                Tensor slopesND = outputs.removeLast();
                values = values.plus(
                        slopesND.times(hiddenND.minus(hiddenND.detached())).sum(-1));
            }
            if (weight) {
                @Nullable Tensor slopesNV = keep ? outputs.removeLast() : null;
                Tensor probeN = Tensors.zerosLike(values).requireGradient();
                Tensor rowsND = hiddenND.detached();
                Autograd.defer(
                        probeN,
                        !unembeddingVD.isLeaf(),
                        upstreamN -> addWeightGradient(rowsND, upstreamN, chunk, slopesNV));
                values = values.plus(probeN);
            }
            outputs.set(0, values);
            return outputs;
        }

        private List<Tensor> forwardAll(Tensor hiddenND, int chunk, Slopes wanted) {
            long rows = hiddenND.size(0);
            List<List<Tensor>> parts = new ArrayList<>();
            try (Scope all = Scope.open();
                    Autograd.Mode _ = Autograd.paused()) {
                List<Tensor> room = room(hiddenND, chunk);
                for (long from = 0; from == 0 || from < rows; from += chunk) {
                    try (Scope one = Scope.open()) {
                        long to = Math.min(from + chunk, rows);
                        List<Tensor> part = forward(hiddenND.slice(0, from, to), from, to, wanted, room);
                        part.forEach(one::keep);
                        parts.add(part);
                    }
                }
                List<Tensor> joined = parts.size() == 1 ? parts.get(0) : joined(parts);
                joined.forEach(all::keep);
                return new ArrayList<>(joined);
            }
        }

        private static List<Tensor> joined(List<List<Tensor>> parts) {
            List<Tensor> joined = new ArrayList<>();
            for (int output = 0; output < parts.get(0).size(); output++) {
                int index = output;
                Tensor[] pieces = parts.stream().map(part -> part.get(index)).toArray(Tensor[]::new);
                joined.add(Tensors.concat(0, pieces));
            }
            return joined;
        }

        /** Adds Σ_n g_n · ∂y_n/∂logits ⊗ h_n to the gradient of W_U. */
        private void addWeightGradient(Tensor hiddenND, Tensor upstreamN, int chunk, @Nullable Tensor slopesNV) {
            try (Scope _ = Scope.open()) {
                @Nullable Tensor present = unembeddingVD.isLeaf() ? unembeddingVD.gradient() : null;
                Tensor sumVD = present == null ? Tensors.zerosLike(unembeddingVD) : present;
                if (slopesNV == null) {
                    addChunks(sumVD, hiddenND, upstreamN, chunk);
                } else {
                    add(sumVD, hiddenND, upstreamN, slopesNV);
                    slopesNV.close();
                }
                if (present == null) {
                    Autograd.accumulate(unembeddingVD, sumVD);
                }
            }
        }

        private void addChunks(Tensor sumVD, Tensor hiddenND, Tensor upstreamN, int chunk) {
            long rows = hiddenND.size(0);
            List<Tensor> room = room(hiddenND, chunk);
            for (long from = 0; from < rows; from += chunk) {
                try (Scope _ = Scope.open()) {
                    long to = Math.min(from + chunk, rows);
                    Tensor chunkND = hiddenND.slice(0, from, to);
                    add(sumVD, chunkND, upstreamN.slice(0, from, to), logitSlopes(chunkND, from, to, room));
                }
            }
        }

        private void add(Tensor sumVD, Tensor hiddenND, Tensor upstreamN, Tensor slopesNV) {
            Tensor weightedND = upstreamN.unsqueeze(-1).times(hiddenND);
            if (fast == null) {
                sumVD.addInPlace(slopesNV.transpose(0, 1).matMul(weightedND));
            } else {
                fast.addProduct(sumVD, slopesNV, weightedND);
            }
        }
    }

    /** y_n = log p_n(target); ∂y/∂logits = onehot − p. */
    private static final class TargetRows extends Rows {
        private final Tensor targetsN;
        private final boolean withScores;

        TargetRows(@Nullable TorchScriptKernels fast, VocabularyHead head, Tensor targetsN, boolean withScores) {
            super(fast, head);
            this.targetsN = targetsN;
            this.withScores = withScores;
        }

        @Override
        void check(Axes axes) {
            axes.bind("N", targetsN);
        }

        @Override
        List<Tensor> forward(Tensor hiddenChunkND, long from, long to, Slopes wanted, List<Tensor> room) {
            Tensor targets = targetsN.slice(0, from, to);
            if (fast != null) {
                return fast.targetRows(hiddenChunkND, head, targets, withScores, wanted, room);
            }
            Tensor logitsNV = head.scores(hiddenChunkND);
            Tensor logProbsNV = logitsNV.logSoftmax(-1);
            List<Tensor> outputs = new ArrayList<>();
            outputs.add(logProbsNV.gatherLast(targets));
            if (withScores) {
                outputs.add(logProbsNV.exp().times(logProbsNV).sum(-1).negated());
                outputs.add(logitsNV.argMax(-1));
                outputs.add(logitsNV.mean(-1));
            }
            if (wanted.ofHidden() || wanted.ofLogits()) {
                Tensor slopesNV = head.beforeCap(slopes(logProbsNV.exp(), targets), logitsNV);
                if (wanted.ofLogits()) {
                    outputs.add(slopesNV);
                }
                if (wanted.ofHidden()) {
                    outputs.add(slopesNV.matMul(unembeddingVD));
                }
            }
            return outputs;
        }

        @Override
        Tensor logitSlopes(Tensor hiddenChunkND, long from, long to, List<Tensor> room) {
            Tensor targets = targetsN.slice(0, from, to);
            if (fast != null) {
                return fast.targetSlopes(hiddenChunkND, head, targets, room);
            }
            Tensor logitsNV = head.scores(hiddenChunkND);
            return head.beforeCap(slopes(logitsNV.softmax(-1), targets), logitsNV);
        }

        /** Scores and their softmax. */
        @Override
        int alive() {
            return 2;
        }

        private static Tensor slopes(Tensor probsNV, Tensor targets) {
            Tensor hitsN1 = Tensors.ones(probsNV.type(), targets.size(0), 1);
            return Tensors.zerosLike(probsNV)
                    .scatter(1, targets.unsqueeze(-1), hitsN1)
                    .minus(probsNV);
        }
    }

    /** y_n = Σ_v p_ref (log p_ref − log p); ∂y/∂logits = p − p_ref. */
    private static final class DivergenceRows extends Rows {
        private final Tensor referenceND;
        private final VocabularyHead referenceHead;

        DivergenceRows(
                @Nullable TorchScriptKernels fast,
                VocabularyHead head,
                Tensor referenceND,
                VocabularyHead referenceHead) {
            super(fast, head);
            this.referenceND = referenceND;
            this.referenceHead = referenceHead;
        }

        @Override
        void check(Axes axes) {
            axes.bind("N *", referenceND).bind("V *", referenceHead.weightVD());
        }

        /** Log-probabilities of both, and scores or probabilities of the reference; scores that slopes pass a cap of, too. */
        @Override
        int alive() {
            return head.softcap() == 0 ? 3 : 4;
        }

        private Tensor referenceLogProbs(long from, long to) {
            return referenceHead.scores(referenceND.slice(0, from, to)).logSoftmax(-1);
        }

        @Override
        List<Tensor> forward(Tensor hiddenChunkND, long from, long to, Slopes wanted, List<Tensor> room) {
            if (fast != null) {
                Tensor reference = referenceND.slice(0, from, to);
                return fast.divergenceRows(hiddenChunkND, head, reference, referenceHead, wanted, room);
            }
            Tensor logitsNV = head.scores(hiddenChunkND);
            Tensor logProbsNV = logitsNV.logSoftmax(-1);
            Tensor referenceNV = referenceLogProbs(from, to);
            Tensor referenceProbsNV = referenceNV.exp();
            List<Tensor> outputs = new ArrayList<>();
            outputs.add(referenceProbsNV.times(referenceNV.minus(logProbsNV)).sum(-1));
            Tensor slopesNV = head.beforeCap(logProbsNV.exp().minus(referenceProbsNV), logitsNV);
            if (wanted.ofLogits()) {
                outputs.add(slopesNV);
            }
            if (wanted.ofHidden()) {
                outputs.add(slopesNV.matMul(unembeddingVD));
            }
            return outputs;
        }

        @Override
        Tensor logitSlopes(Tensor hiddenChunkND, long from, long to, List<Tensor> room) {
            if (fast != null) {
                return fast.divergenceSlopes(hiddenChunkND, head, referenceND.slice(0, from, to), referenceHead, room);
            }
            Tensor logitsNV = head.scores(hiddenChunkND);
            Tensor slopesNV =
                    logitsNV.softmax(-1).minus(referenceLogProbs(from, to).exp());
            return head.beforeCap(slopesNV, logitsNV);
        }
    }
}
