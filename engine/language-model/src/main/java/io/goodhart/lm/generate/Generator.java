package io.goodhart.lm.generate;

import io.goodhart.lm.decode.FusedDecoder;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.Autograd;
import io.goodhart.tensor.ComputeThread;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Generates responses in batches. Every response depends on its prompt, the seed and its number alone: batch size and order of
 * the prompts change nothing but the rounding of sums. A response that ends makes room for another one.
 *
 * <p>Without hooks and adapter, tokens are computed by {@link FusedDecoder}, which may copy the weights: they must not change
 * while the generator is open. Of a small model the responses are then divided into lanes, one for each thread that an operation
 * may have, which shares no work with the others: between the many small operations of a step nobody waits.
 */
public final class Generator implements AutoCloseable {
    private final DecoderModel model;
    private @Nullable FusedDecoder fused;

    /** Generates with a model; an adapter that is set takes part. */
    public Generator(DecoderModel model) {
        this.model = model;
    }

    /**
     * Generates {@code settings.samples()} responses to each prompt.
     *
     * @return the responses in the order of the prompts, those of one prompt one behind the other
     * @throws java.util.concurrent.CancellationException if the listener asks for it
     * @throws DivergedException if the model's scores are not finite
     */
    public List<Generation> generate(List<Prompt> prompts, GenerationSettings settings, GenerationListener listener) {
        checkFit(prompts, settings);
        List<Sequence> sequences = Sequence.of(prompts, settings);
        Gathering gathering = new Gathering(sequences.size(), listener);
        try (Autograd.Mode paused = Autograd.paused()) {
            Stepper stepper = stepper(prompts, settings);
            int lanes = Math.min(stepper.lanes(), Math.min(settings.batchSize(), sequences.size()));
            if (lanes <= 1) {
                loop(stepper, sequences, settings, gathering);
            } else {
                inLanes(lanes, stepper, sequences, settings, gathering);
            }
        }
        return gathering.complete();
    }

    private void checkFit(List<Prompt> prompts, GenerationSettings settings) {
        for (Prompt prompt : prompts) {
            int longest = prompt.length() + settings.maxNewTokens();
            if (longest > model.config().context()) {
                throw new IllegalArgumentException(
                        "Prompt %d has %d tokens: with %d new ones it exceeds the context of %d"
                                .formatted(
                                        prompt.index(),
                                        prompt.length(),
                                        settings.maxNewTokens(),
                                        model.config().context()));
            }
        }
    }

    private void loop(Stepper stepper, List<Sequence> sequences, GenerationSettings settings, Gathering gathering) {
        try (GenerationLoop loop = new GenerationLoop(model, stepper, sequences, settings, gathering)) {
            loop.run();
        } catch (RuntimeException | Error e) {
            gathering.fail();
            throw e;
        }
    }

    private void inLanes(
            int lanes, Stepper stepper, List<Sequence> sequences, GenerationSettings settings, Gathering gathering) {
        GenerationSettings each = settings.withBatchSize(Math.ceilDiv(settings.batchSize(), lanes));
        List<Runnable> loops = new ArrayList<>();
        for (int lane = 0; lane < lanes; lane++) {
            int from = (int) ((long) lane * sequences.size() / lanes);
            int to = (int) ((lane + 1L) * sequences.size() / lanes);
            loops.add(() -> loop(stepper, sequences.subList(from, to), each, gathering));
        }
        ComputeThread.sideBySide("generation", loops);
    }

    private Stepper stepper(List<Prompt> prompts, GenerationSettings settings) {
        if (!settings.hooks().isEmpty() || !model.isFusable()) {
            return new Stepper.Plain(model, settings.hooks());
        }
        FusedDecoder made = fused;
        if (made == null) {
            made = model.fused();
            fused = made;
        }
        int longest = prompts.stream().mapToInt(Prompt::length).max().orElse(0);
        made.prepare(longest + settings.maxNewTokens());
        return new Stepper.Fused(made, settings.pooledPoints());
    }

    @Override
    public void close() {
        if (fused != null) {
            fused.close();
        }
    }

    /** As above, unwatched. */
    public List<Generation> generate(List<Prompt> prompts, GenerationSettings settings) {
        return generate(prompts, settings, GenerationListener.NONE);
    }
}
