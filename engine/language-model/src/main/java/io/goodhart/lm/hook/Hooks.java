package io.goodhart.lm.hook;

import io.goodhart.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a forward pass does at some of its points besides computing: edit what is there, show it, or keep it. Actions at one
 * point happen in the order in which they were added. Immutable.
 */
public final class Hooks {
    private static final Hooks NONE = new Hooks(Map.of());

    private sealed interface Action {
        record Edit(UnaryOperator<Tensor> function) implements Action {}

        record Observe(Consumer<Tensor> observer) implements Action {}

        record Capture() implements Action {}
    }

    private final Map<HookPoint, List<Action>> actions;

    private Hooks(Map<HookPoint, List<Action>> actions) {
        this.actions = actions;
    }

    /** Nothing but computing. */
    public static Hooks none() {
        return NONE;
    }

    /** Keeps what is at these points: see {@code ForwardResult}. */
    public static Hooks capturing(Collection<HookPoint> points) {
        Hooks hooks = NONE;
        for (HookPoint point : points) {
            hooks = hooks.capture(point);
        }
        return hooks;
    }

    /** Also keeps what is at a point, after the edits added before. */
    public Hooks capture(HookPoint point) {
        return with(point, new Action.Capture());
    }

    /** Also replaces what is at a point by a function of it. The shape must stay. */
    public Hooks edit(HookPoint point, UnaryOperator<Tensor> function) {
        return with(point, new Action.Edit(function));
    }

    /** Also shows what is at a point to an observer, which must not keep it. */
    public Hooks observe(HookPoint point, Consumer<Tensor> observer) {
        return with(point, new Action.Observe(observer));
    }

    private Hooks with(HookPoint point, Action action) {
        Map<HookPoint, List<Action>> extended = new LinkedHashMap<>(actions);
        List<Action> atPoint = new ArrayList<>(extended.getOrDefault(point, List.of()));
        atPoint.add(action);
        extended.put(point, List.copyOf(atPoint));
        return new Hooks(extended);
    }

    /** Whether nothing is to be done. */
    public boolean isEmpty() {
        return actions.isEmpty();
    }

    /** Points at which something is to be done. */
    public Set<HookPoint> points() {
        return Set.copyOf(actions.keySet());
    }

    /**
     * Does what is to be done at a point.
     *
     * @param captured takes what is kept; its memory is the caller's business
     * @return what the pass goes on with
     */
    public Tensor apply(HookPoint point, Tensor x, Map<HookPoint, Tensor> captured) {
        Tensor current = x;
        for (Action action : actions.getOrDefault(point, List.of())) {
            switch (action) {
                case Action.Edit(UnaryOperator<Tensor> function) -> current = edited(point, current, function);
                case Action.Observe(Consumer<Tensor> observer) -> observer.accept(current);
                case Action.Capture capture -> captured.put(point, current);
            }
        }
        return current;
    }

    private static Tensor edited(HookPoint point, Tensor before, UnaryOperator<Tensor> function) {
        Tensor after = function.apply(before);
        if (!Arrays.equals(before.shape(), after.shape())) {
            throw new IllegalArgumentException("An edit at %s made %s of %s".formatted(point, after, before));
        }
        return after;
    }
}
