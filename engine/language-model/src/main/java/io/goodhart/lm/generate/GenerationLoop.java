package io.goodhart.lm.generate;

import io.goodhart.lm.block.KeyValueCache;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.lm.model.TokenBatch;
import io.goodhart.tensor.Kernels;
import io.goodhart.tensor.Scope;
import io.goodhart.tensor.Tensor;
import io.goodhart.tensor.Tensors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Computes responses together. Rows of the batch are responses; those that are done are taken out, and others put in, when a
 * quarter of the batch is free. Prompts are read once however many responses they get here.
 */
final class GenerationLoop implements AutoCloseable {
    private final DecoderModel model;
    private final Stepper stepper;
    private final GenerationSettings settings;
    private final Gathering gathering;
    private final PooledSums sums;
    private final Deque<Sequence> waiting;

    /** Row b of the cache; null once the response is done. */
    private List<@Nullable Sequence> rows = new ArrayList<>();

    private @Nullable KeyValueCache cache;
    private int running;
    private int drawn;

    /**
     * A loop that has not begun.
     *
     * @param sequences in the order in which they begin; those of one prompt one behind the other
     * @param gathering takes the responses
     */
    GenerationLoop(
            DecoderModel model,
            Stepper stepper,
            List<Sequence> sequences,
            GenerationSettings settings,
            Gathering gathering) {
        this.model = model;
        this.stepper = stepper;
        this.settings = settings;
        this.gathering = gathering;
        this.sums = new PooledSums(settings.pooledPoints());
        this.waiting = new ArrayDeque<>(sequences);
    }

    void run() {
        while (running > 0 || !waiting.isEmpty()) {
            if (gathering.isCancelled()) {
                throw new CancellationException("The generation was cancelled");
            }
            int free = settings.batchSize() - running;
            boolean due = running == 0 || 4 * free >= settings.batchSize();
            drawn = 0;
            if (due && !waiting.isEmpty()) {
                refill(free);
            } else if (4 * running <= 3 * rows.size() || !fits()) {
                rebuild(List.of(), null);
            }
            if (running > 0) {
                step();
            }
            gathering.step(drawn);
        }
    }

    /** Whether every row, done or not, can take another token. */
    private boolean fits() {
        KeyValueCache current = current();
        int shortest = Arrays.stream(current.padding()).min().orElse(0);
        return current.filled() - shortest < model.config().context() && current.hasRoom();
    }

    private KeyValueCache current() {
        if (cache == null) {
            throw new IllegalStateException("There is no cache before the first prompt");
        }
        return cache;
    }

    /** Reads the prompts of as many waiting responses as there are free rows and draws their first tokens. */
    private void refill(int free) {
        List<Sequence> next = new ArrayList<>();
        List<int[]> prompts = new ArrayList<>();
        List<Integer> promptOf = new ArrayList<>();
        while (next.size() < free && !waiting.isEmpty()) {
            Sequence sequence = waiting.removeFirst();
            if (next.isEmpty() || next.getLast().prompt() != sequence.prompt()) {
                prompts.add(sequence.prompt().tokens());
            }
            next.add(sequence);
            promptOf.add(prompts.size() - 1);
        }
        TokenBatch batch = TokenBatch.leftPadded(prompts);
        try (Scope scope = Scope.open();
                KeyValueCache read = new KeyValueCache(starts(batch), batch.length())) {
            Tensor lastPD = model.prefill(batch, read, settings.hooks());
            int[] index = promptOf.stream().mapToInt(Integer::intValue).toArray();
            Tensor hiddenBD = lastPD.indexSelect(0, Tensors.of(index, index.length));
            draw(next, hiddenBD);
            // A response may end with its first token; it then takes no row.
            List<Sequence> going = new ArrayList<>();
            List<Integer> rowsOfGoing = new ArrayList<>();
            for (int i = 0; i < next.size(); i++) {
                if (isDone(next.get(i))) {
                    gathering.finish(next.get(i), Map.of());
                } else {
                    going.add(next.get(i));
                    rowsOfGoing.add(promptOf.get(i));
                }
            }
            rebuild(going, new KeyValueCache.Selection(read, rowsOfGoing));
        }
    }

    private static int[] starts(TokenBatch batch) {
        int[] starts = new int[batch.rows()];
        Arrays.setAll(starts, batch::start);
        return starts;
    }

    /** Drops rows that are done and appends others. */
    private void rebuild(List<Sequence> added, KeyValueCache.@Nullable Selection prompts) {
        List<Integer> kept = new ArrayList<>();
        List<@Nullable Sequence> next = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            if (rows.get(row) != null) {
                kept.add(row);
                next.add(rows.get(row));
            }
        }
        next.addAll(added);
        List<KeyValueCache.Selection> selections = new ArrayList<>();
        KeyValueCache old = cache;
        if (old != null) {
            selections.add(new KeyValueCache.Selection(old, kept));
        }
        if (prompts != null) {
            selections.add(prompts);
        }
        int room = 1;
        for (Sequence sequence : next) {
            room = Math.max(room, sequence == null ? 0 : settings.maxNewTokens() - sequence.length() + 1);
        }
        cache = KeyValueCache.join(selections, room);
        if (old != null) {
            old.close();
        }
        sums.rearrange(kept, added.size());
        rows = next;
        running = next.size();
    }

    /** Feeds the last token of every row and draws the next one where there is one to draw. */
    private void step() {
        KeyValueCache current = current();
        try (Scope scope = Scope.open()) {
            int[] tokens = new int[rows.size()];
            for (int row = 0; row < tokens.length; row++) {
                Sequence sequence = rows.get(row);
                tokens[row] = sequence == null ? 0 : sequence.lastToken();
            }
            Tensor hiddenBD = stepper.step(tokens, current, sums);
            List<Sequence> drawing = new ArrayList<>();
            List<Integer> index = new ArrayList<>();
            for (int row = 0; row < tokens.length; row++) {
                Sequence sequence = rows.get(row);
                if (sequence != null && !sequence.isComplete()) {
                    drawing.add(sequence);
                    index.add(row);
                }
            }
            if (drawing.size() == tokens.length) {
                draw(drawing, hiddenBD);
            } else if (!drawing.isEmpty()) {
                int[] picked = index.stream().mapToInt(Integer::intValue).toArray();
                draw(drawing, hiddenBD.indexSelect(0, Tensors.of(picked, picked.length)));
            }
            release(new HashSet<>(drawing));
        }
    }

    /** Finishes rows that are done: those read to their end, and those that a stop token ended just now. */
    private void release(Set<Sequence> drawing) {
        for (int row = 0; row < rows.size(); row++) {
            Sequence sequence = rows.get(row);
            boolean readToItsEnd = sequence != null && sequence.isComplete() && !drawing.contains(sequence);
            if (sequence != null && (readToItsEnd || isDone(sequence))) {
                gathering.finish(sequence, sums.means(row, sequence.length()));
                rows.set(row, null);
                running--;
            }
        }
    }

    /** Whether nothing of a response is left to compute. Its last token is fed once more if its activation is asked for. */
    private boolean isDone(Sequence sequence) {
        return sequence.isComplete() && (sums.isEmpty() || !sequence.endsUnread());
    }

    private void draw(List<Sequence> sequences, Tensor hiddenBD) {
        Tensor logitsBV = stepper.logits(hiddenBD);
        if (!Double.isFinite(logitsBV.sum().asDouble())) {
            throw diverged(sequences, logitsBV);
        }
        Tensor idsB = switch (settings.decoding()) {
            case Decoding.Greedy greedy -> logitsBV.argMax(1);
            case Decoding.Sampled sampled -> {
                double[] uniforms = new double[sequences.size()];
                Arrays.setAll(uniforms, i -> sequences.get(i).nextUniform());
                yield Kernels.best().sample(logitsBV, sampled.sampling(), Tensors.of(uniforms, uniforms.length));
            }
        };
        long[] ids = idsB.toLongs();
        for (int i = 0; i < ids.length; i++) {
            sequences.get(i).draw((int) ids[i], settings);
        }
        drawn += ids.length;
    }

    private static DivergedException diverged(List<Sequence> sequences, Tensor logitsBV) {
        float[] sumsB = logitsBV.sum(1).toFloats();
        int row = 0;
        while (row < sumsB.length - 1 && Float.isFinite(sumsB[row])) {
            row++;
        }
        return new DivergedException("The scores of token %d of a response to prompt %d are not finite"
                .formatted(
                        sequences.get(row).length() + 1,
                        sequences.get(row).prompt().index()));
    }

    @Override
    public void close() {
        sums.close();
        if (cache != null) {
            cache.close();
        }
    }
}
