package io.goodhart.tensor;

import java.util.List;

/**
 * The tensors of one AdamW update, index by index.
 *
 * @param parameters updated in place
 * @param gradients read
 * @param means exponential means of gradients, updated in place
 * @param squares exponential means of squared gradients, updated in place
 */
public record AdamWTensors(List<Tensor> parameters, List<Tensor> gradients, List<Tensor> means, List<Tensor> squares) {
    public AdamWTensors {
        parameters = List.copyOf(parameters);
        gradients = List.copyOf(gradients);
        means = List.copyOf(means);
        squares = List.copyOf(squares);
        int count = parameters.size();
        if (gradients.size() != count || means.size() != count || squares.size() != count) {
            throw new ShapeMismatchException("Need as many gradients and moments as parameters, got %d, %d, %d and %d"
                    .formatted(count, gradients.size(), means.size(), squares.size()));
        }
    }
}
