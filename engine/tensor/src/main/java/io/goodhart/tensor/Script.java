package io.goodhart.tensor;

import ai.djl.pytorch.jni.TorchModule;
import ai.djl.pytorch.jni.TorchModule.Argument;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * TorchScript functions whose text is written while running: one call computes what would take hundreds of calls of a tensor's
 * methods. Whoever writes one holds it to a path without it by a test.
 */
public final class Script {
    private static final String HEAD = """
            class M(Module):
              __parameters__ = []
              __buffers__ = []
              training : bool
            """;

    /** libtorch keeps what it has compiled as long as the process lives. */
    private static final Map<String, Script> COMPILED = new ConcurrentHashMap<>();

    private final TorchModule module;

    private Script(TorchModule module) {
        this.module = module;
    }

    /**
     * The compiled functions; the same text is compiled once.
     *
     * @param functions methods of {@code __torch__.M} in the form that {@code torch.jit.save} writes, indented by two
     */
    public static Script of(String functions) {
        NativeLibrary.ensureLoaded();
        return COMPILED.computeIfAbsent(
                functions,
                text -> new Script(new TorchModule(
                        ScriptArchive.of(HEAD + text), Device.cpu().code())));
    }

    /** A call whose arguments are to follow in their order. */
    public Call call(String function) {
        return new Call(function);
    }

    /** A call. */
    public final class Call {
        private final String function;
        private final List<Argument> arguments = new ArrayList<>();

        private Call(String function) {
            this.function = function;
            ThreadState.current();
        }

        /** Also passes a tensor. */
        public Call with(Tensor tensor) {
            arguments.add(Argument.tensor(tensor.handle()));
            return this;
        }

        /** Also passes a list of tensors. */
        public Call with(List<Tensor> tensors) {
            arguments.add(
                    Argument.tensors(tensors.stream().mapToLong(Tensor::handle).toArray()));
            return this;
        }

        /** Also passes an integer. */
        public Call with(long number) {
            arguments.add(Argument.integer(number));
            return this;
        }

        /** Calls a function that gives one tensor, which belongs to the current scope. */
        public Tensor tensor() {
            return Tensor.owned(module.tensor(function, arguments.toArray(Argument[]::new)));
        }

        /** Calls a function that gives a list of tensors, which belong to the current scope. */
        public List<Tensor> tensors() {
            List<Tensor> results = new ArrayList<>();
            for (long handle : module.tensors(function, arguments.toArray(Argument[]::new))) {
                results.add(Tensor.owned(handle));
            }
            return results;
        }
    }
}
