package io.goodhart.lm.block;

import io.goodhart.modelfiles.config.AttentionLayout.Scores;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows one behind the other on a single line, without padding: all that works token by token, works on [1,N,...]; attention
 * takes the line apart, and rows of one shape together.
 */
public final class PackedRows implements AttentionPattern {
    /** Neighbouring rows of one shape. */
    private record Run(int rows, RowShape shape, AttentionMasks masks) {
        long tokens() {
            return (long) rows * shape.length();
        }

        /** [1,H,B·T,K] to [B,H,T,K]. */
        Tensor apart(Tensor line) {
            return line.transpose(1, 2)
                    .reshape(rows, shape.length(), line.size(1), line.size(3))
                    .transpose(1, 2);
        }

        /** [B,H,T,K] to [1,B·T,H,K]. */
        Tensor joined(Tensor x) {
            return x.transpose(1, 2).reshape(1, tokens(), x.size(1), x.size(3));
        }
    }

    private final List<Run> runs;
    private final long[] sizes;

    /** Of rows in the order in which they stand. */
    public PackedRows(List<RowShape> rows) {
        runs = runs(rows);
        sizes = runs.stream().mapToLong(Run::tokens).toArray();
    }

    private static List<Run> runs(List<RowShape> rows) {
        List<Run> runs = new ArrayList<>();
        int from = 0;
        while (from < rows.size()) {
            RowShape shape = rows.get(from);
            int to = from + 1;
            while (to < rows.size() && rows.get(to).equals(shape)) {
                to++;
            }
            runs.add(new Run(to - from, shape, AttentionMasks.of(shape, to - from)));
            from = to;
        }
        return List.copyOf(runs);
    }

    @Override
    public void prepare(Scores scores) {
        runs.forEach(run -> run.masks().prepare(scores));
    }

    @Override
    public Tensor attend(Tensor queriesBHTK, Tensor keysBGTK, Tensor valuesBGTK, Scores scores) {
        List<Tensor> queries = queriesBHTK.split(2, sizes);
        List<Tensor> keys = keysBGTK.split(2, sizes);
        List<Tensor> values = valuesBGTK.split(2, sizes);
        Tensor[] mixed = new Tensor[sizes.length];
        for (int i = 0; i < mixed.length; i++) {
            Run run = runs.get(i);
            Tensor one = run.masks()
                    .attend(run.apart(queries.get(i)), run.apart(keys.get(i)), run.apart(values.get(i)), scores);
            mixed[i] = run.joined(one);
        }
        return Tensors.concat(1, mixed).transpose(1, 2); // [1,N,H,K] -> [1,H,N,K]
    }
}
