package io.goodhart.tensor;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Owner of the tensors made on this thread while it is open; closing it frees them. Use try-with-resources: one per optimiser
 * step, one per block of a forward pass without gradients.
 *
 * <p>Without an open scope a new tensor is unowned: whoever made it closes it.
 */
public final class Scope implements AutoCloseable {
    static final AtomicLong LIVE = new AtomicLong();

    private final Thread thread = Thread.currentThread();
    private final ThreadState state;
    private final @Nullable Scope parent;
    private final int depth;
    private @Nullable Tensor newest;
    private boolean open = true;

    private Scope(ThreadState state) {
        this.state = state;
        parent = state.innermost;
        depth = parent == null ? 0 : parent.depth + 1;
        state.innermost = this;
    }

    /** Opens a scope inside the thread's current one. */
    public static Scope open() {
        return new Scope(ThreadState.current());
    }

    /** Tensors of this process that are not closed yet; native memory of the facade is reachable only through them. */
    public static long liveHandles() {
        return LIVE.get();
    }

    /**
     * Moves a tensor made in this scope (or in a scope inside it) to the scope outside, or makes it unowned if there is none. A
     * tensor that belongs elsewhere stays where it is.
     *
     * @return the tensor itself
     */
    public Tensor keep(Tensor tensor) {
        checkThread();
        Scope owner = tensor.scope;
        if (owner != null && owner.thread.equals(thread) && owner.depth >= depth) {
            owner.remove(tensor);
            if (parent != null) {
                parent.add(tensor);
            }
        }
        return tensor;
    }

    /** Frees what is still owned. Scopes close in the reverse order of opening, on the thread that opened them. */
    @Override
    public void close() {
        if (!open) {
            return;
        }
        checkThread();
        if (state.innermost != this) {
            throw new IllegalStateException("A scope opened inside this one is still open");
        }
        open = false;
        state.innermost = parent;
        while (newest != null) {
            newest.close();
        }
    }

    void add(Tensor tensor) {
        tensor.scope = this;
        tensor.older = newest;
        if (newest != null) {
            newest.newer = tensor;
        }
        newest = tensor;
    }

    void remove(Tensor tensor) {
        if (!thread.equals(Thread.currentThread())) {
            throw new IllegalStateException("The tensor belongs to a scope of thread " + thread.getName());
        }
        Tensor newer = tensor.newer;
        Tensor older = tensor.older;
        if (newer == null) {
            newest = older;
        } else {
            newer.older = older;
        }
        if (older != null) {
            older.newer = newer;
        }
        tensor.newer = null;
        tensor.older = null;
        tensor.scope = null;
    }

    private void checkThread() {
        if (!thread.equals(Thread.currentThread())) {
            throw new IllegalStateException("The scope belongs to thread " + thread.getName());
        }
    }
}
