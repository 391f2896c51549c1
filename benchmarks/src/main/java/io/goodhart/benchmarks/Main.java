package io.goodhart.benchmarks;

import io.goodhart.benchmarks.engine.Gemm;
import io.goodhart.benchmarks.engine.Generating;
import io.goodhart.benchmarks.engine.ProbeFit;
import io.goodhart.benchmarks.engine.RaggedTraining;
import io.goodhart.benchmarks.engine.Subject;
import io.goodhart.benchmarks.engine.Training;
import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.memory.Memory;
import io.goodhart.benchmarks.memory.PeakTable;
import io.goodhart.benchmarks.queue.Claims;
import io.goodhart.tensor.ComputeThread;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Runs one benchmark: {@code Main NAME [--option value]...}. */
public final class Main {
    private static final String USAGE = """
            Usage: NAME [--option value]...
              model     --model gpt2-small | gpt2-tiny | tiny-gemma3   writes the random model if need be, prints where it is
              gemm      --size 2048 --products 4
              train     --model ... --methods sft,dpo --weights lora,full --rows 8 --length 128 --steps 1
              trl       --model ... --cases dpo-lora,dpo-precomputed-lora,sft-lora,sft-full --pairs 32 --batch 4
                        --prompt-tokens 64 --completion-tokens 64
              pairs     --model ... --pairs 32 ...                 writes the data of trl, prints where it is
              generate  --model ... --decodings greedy,sampled,pooled --batches 1,16,64 --prompt-tokens 16 --new-tokens 32 --samples 5
              probe     --n 10000 --d 2048 --features independent,correlated,sweep --sweep-n 4000 --sweep-d 768 --layers 6
              queue     --tasks 500 --workers 4
              memory    --model-dir DIRECTORY --count 500
              memory-estimate  --tables fitted,held-out --models all|NAME,... --works all|SFT,DPO,... --graphs whole,checkpointed --heap 256   a table; nothing else applies but --threads
            All: --repeats 5 --warm-up-seconds 4 --threads 2
                   --turns false (true: every repetition waits for a line on the standard input)""";

    private Main() {}

    /** The command line. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 0) {
            System.err.println(USAGE);
            System.exit(2);
        }
        Options options = Options.parse(Arrays.copyOfRange(arguments, 1, arguments.length));
        Optional<BufferedReader> turns = options.flag("turns")
                ? Optional.of(new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
                : Optional.empty();
        run(arguments[0], options, turns, System.out);
    }

    /**
     * Runs a benchmark on this thread.
     *
     * @return what printed it
     */
    static Recorder run(String name, Options options, Optional<BufferedReader> turns, PrintStream out)
            throws IOException {
        ComputeThread.prepare(options.number("threads", 2));
        Recorder recorder =
                new Recorder(out, turns, options.number("repeats", 5), options.number("warm-up-seconds", 4));
        Benchmark benchmark = benchmark(name, options);
        options.requireAllRead();
        benchmark.run(recorder);
        return recorder;
    }

    private interface Benchmark {
        void run(Recorder recorder) throws IOException;
    }

    private static Benchmark benchmark(String name, Options options) throws IOException {
        return switch (name) {
            case "gemm" -> new Gemm(options.number("size", 2048), options.number("products", 4))::run;
            case "train" -> new Training(options)::run;
            case "trl" -> new RaggedTraining(options)::run;
            case "pairs" -> new RaggedTraining(options)::writeData;
            case "generate" -> new Generating(options)::run;
            case "probe" -> new ProbeFit(options)::run;
            case "queue" -> new Claims(options)::run;
            case "memory" -> new Memory(options)::run;
            case "memory-estimate" -> new PeakTable(options)::run;
            case "model" -> {
                Subject subject = Subject.of(options);
                yield recorder -> recorder.note(subject.directory().toString());
            }
            default ->
                throw new IllegalArgumentException("No such benchmark: " + name + System.lineSeparator() + USAGE);
        };
    }
}
