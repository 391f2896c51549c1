package io.goodhart.lm.block;

import io.goodhart.domain.model.Site;
import io.goodhart.lm.hook.HookPoint;
import io.goodhart.lm.hook.Hooks;
import io.goodhart.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the blocks of one forward pass share. */
public final class Pass {
    private final Tensor positionsBT;
    private final int largestPosition;
    private final AttentionPattern pattern;
    private final @Nullable KeyValueCache cache;
    private final Hooks hooks;
    private final Map<HookPoint, Tensor> captured = new HashMap<>();
    private final Map<Rotary, Rotary.Angles> angles;

    /**
     * A pass over these positions.
     *
     * @param positionsBT position of each token in its sequence, INT64
     * @param largestPosition no position is larger
     * @param cache keys and values of earlier tokens; null: there are none and none are kept
     */
    public Pass(
            Tensor positionsBT,
            int largestPosition,
            AttentionPattern pattern,
            @Nullable KeyValueCache cache,
            Hooks hooks) {
        this(positionsBT, largestPosition, pattern, cache, hooks, new HashMap<>());
    }

    private Pass(
            Tensor positionsBT,
            int largestPosition,
            AttentionPattern pattern,
            @Nullable KeyValueCache cache,
            Hooks hooks,
            Map<Rotary, Rotary.Angles> angles) {
        this.positionsBT = positionsBT;
        this.largestPosition = largestPosition;
        this.pattern = pattern;
        this.cache = cache;
        this.hooks = hooks;
        this.angles = angles;
    }

    /** The same pass, in which no hook acts. */
    public Pass unwatched() {
        return new Pass(positionsBT, largestPosition, pattern, cache, Hooks.none(), angles);
    }

    /** Looks the angles of the pass up, so that its blocks need not. To be called outside the scope of a block. */
    public void prepare(Rotary rotary) {
        angles.computeIfAbsent(rotary, missing -> missing.at(positionsBT, largestPosition));
    }

    Rotary.Angles angles(Rotary rotary) {
        Rotary.Angles found = angles.get(rotary);
        if (found == null) {
            throw new IllegalStateException("The pass was not prepared for these rotary positions");
        }
        return found;
    }

    /** What the hooks make of x at a point. */
    public Tensor at(Site site, int layer, Tensor x) {
        return hooks.isEmpty() ? x : hooks.apply(new HookPoint(site, layer), x, captured);
    }

    /** Position of each token in its sequence, INT64. */
    public Tensor positionsBT() {
        return positionsBT;
    }

    AttentionPattern pattern() {
        return pattern;
    }

    @Nullable
    KeyValueCache cache() {
        return cache;
    }

    /** What the hooks have kept so far. */
    public Map<HookPoint, Tensor> captured() {
        return captured;
    }

    /** Whether hooks may hold on to what passes. */
    public boolean isWatched() {
        return !hooks.isEmpty();
    }
}
