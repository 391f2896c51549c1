package io.goodhart.tuning.model;

import io.goodhart.domain.model.Pooling;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import io.goodhart.tuning.data.PredictedTokens;
import java.util.Optional;

/**
 * What a forward pass leaves for an objective.
 *
 * @param hiddenBTD final hidden states [B,T,D] behind the final norm: what the unembedding reads
 * @param tappedBTD activations [B,T,D] at the tapped point, if one was asked for
 */
public record Activations(Tensor hiddenBTD, Optional<Tensor> tappedBTD) {
    /** Hidden states [N,D] at the positions that predict these tokens. */
    public Tensor hiddenND(PredictedTokens tokens) {
        return hiddenBTD.reshape(-1, hiddenBTD.size(2)).indexSelect(0, tokens.positionsN());
    }

    /** The tapped activations of all tokens of each of B sequences, pooled [B,D]. */
    public Tensor tappedBD(TokenBatch batch, Pooling pooling) {
        Tensor tappedBTD = this.tappedBTD.orElseThrow(() -> new IllegalStateException("Nothing was tapped"));
        Tensor tappedND = tappedBTD.reshape(-1, tappedBTD.size(2)); // [B,T,D] -> [B·T,D]
        return switch (pooling) {
            case MEAN -> meanBD(batch, tappedND);
            case LAST -> tappedND.indexSelect(0, lastPlaces(batch));
            case MAX -> maxBD(batch, tappedND);
            case PER_TOKEN -> throw new IllegalArgumentException("Tokens that are kept are not pooled");
        };
    }

    private static Tensor meanBD(TokenBatch batch, Tensor tappedND) {
        int width = batch.lines() * batch.length();
        float[] weights = new float[batch.rows() * width];
        for (int row = 0; row < batch.rows(); row++) {
            for (int place = 0; place < batch.length(row); place++) {
                weights[row * width + batch.flatIndex(row, place)] = 1f / batch.length(row);
            }
        }
        return Tensors.of(weights, batch.rows(), width).matMul(tappedND);
    }

    private static Tensor maxBD(TokenBatch batch, Tensor tappedND) {
        Tensor[] maxima = new Tensor[batch.rows()];
        for (int row = 0; row < maxima.length; row++) {
            long[] places = new long[batch.length(row)];
            for (int place = 0; place < places.length; place++) {
                places[place] = batch.flatIndex(row, place);
            }
            maxima[row] =
                    tappedND.indexSelect(0, Tensors.of(places, places.length)).max(0); // [T,D] -> [D]
        }
        return Tensors.stack(0, maxima);
    }

    private static Tensor lastPlaces(TokenBatch batch) {
        long[] places = new long[batch.rows()];
        for (int row = 0; row < places.length; row++) {
            places[row] = batch.flatIndex(row, batch.length(row) - 1);
        }
        return Tensors.of(places, places.length);
    }
}
