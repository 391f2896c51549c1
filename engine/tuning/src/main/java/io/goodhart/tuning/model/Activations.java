package io.goodhart.tuning.model;

import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.data.PredictedTokens;
import java.util.Optional;

/**
 * What a forward pass leaves for an objective.
 *
 * @param hiddenBTD final hidden states [B,T,D] behind the final norm: what the unembedding reads
 * @param tappedBTD residual stream [B,T,D] behind the tapped block, if one was asked for
 */
public record Activations(Tensor hiddenBTD, Optional<Tensor> tappedBTD) {
    /** Hidden states [N,D] at the positions that predict these tokens. */
    public Tensor hiddenND(PredictedTokens tokens) {
        return hiddenBTD.reshape(-1, hiddenBTD.size(2)).indexSelect(0, tokens.positionsN());
    }

    /** Mean [B,D] of the tapped residual stream over all tokens of each of B sequences. */
    public Tensor tappedMeanBD(TokenBatch batch) {
        Tensor tapped = tappedBTD.orElseThrow(() -> new IllegalStateException("No block was tapped"));
        int width = batch.lines() * batch.length();
        float[] weights = new float[batch.rows() * width];
        for (int row = 0; row < batch.rows(); row++) {
            for (int place = 0; place < batch.length(row); place++) {
                weights[row * width + batch.flatIndex(row, place)] = 1f / batch.length(row);
            }
        }
        return Tensors.of(weights, batch.rows(), width).matMul(tapped.reshape(width, tapped.size(2)));
    }
}
