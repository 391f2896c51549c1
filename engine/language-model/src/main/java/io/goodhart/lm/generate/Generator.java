package io.goodhart.lm.generate;

import io.goodhart.lm.decode.FusedDecoder;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tensor.Autograd;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Generates responses in batches. Every response depends on its prompt, the seed and its number alone: batch size and order of
 * the prompts change nothing but the rounding of sums. A response that ends makes room for another one.
 *
 * <p>Without hooks and adapter, tokens are computed by {@link FusedDecoder}, which may copy the weights: they must not change
 * while the generator is open.
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
        try (Autograd.Mode paused = Autograd.paused();
                GenerationLoop loop = new GenerationLoop(model, stepper(settings), prompts, settings, listener)) {
            return loop.run();
        }
    }

    private Stepper stepper(GenerationSettings settings) {
        if (!settings.hooks().isEmpty() || !model.isFusable()) {
            return new Stepper.Plain(model, settings.hooks());
        }
        FusedDecoder made = fused;
        if (made == null) {
            made = model.fused();
            fused = made;
        }
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
