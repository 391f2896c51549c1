package io.goodhart.benchmarks.memory;

import io.goodhart.benchmarks.engine.Subject;
import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.spec.AdapterSpec;
import io.goodhart.domain.spec.TrainingMode;
import io.goodhart.domain.validate.TaskMemory;
import io.goodhart.domain.validate.TaskMemory.Batch;
import io.goodhart.domain.validate.TaskMemory.Graph;
import io.goodhart.modelfiles.ModelDirectory;
import io.goodhart.modelfiles.config.ModelConfig;
import io.goodhart.modelfiles.family.Families;
import io.goodhart.modelfiles.weights.WeightTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Measured and estimated peaks, case by case, each in a process of its own with a worker's allocator settings and a heap that is
 * resident from the start.
 */
public final class PeakTable {
    private static final String ALLOCATOR = "MALLOC_MMAP_THRESHOLD_";

    private final List<PeakCase> cases;
    private final Path models;
    private final long heapMegabytes;
    private final int threads;

    /** Reads what to do from options. */
    public PeakTable(Options options) {
        List<String> tables = options.words("tables", "fitted,held-out,second-held-out");
        List<String> names = options.words("models", "all");
        List<String> kinds = options.words("works", "all");
        List<String> graphs = options.words("graphs", "whole,checkpointed");
        this.cases = tables.stream()
                .flatMap(table -> PeakCases.of(table).stream())
                .filter(one -> chosen(names, one.model()))
                .filter(one -> graphs.contains(one.checkpointed() ? "checkpointed" : "whole"))
                .filter(one -> chosen(kinds, one.work().name()))
                .toList();
        this.models = options.path("model-dir", Path.of(System.getProperty("java.io.tmpdir"), "goodhart-benchmarks"));
        this.heapMegabytes = options.number("heap", 256);
        this.threads = options.number("threads", 2);
    }

    private static boolean chosen(List<String> names, String name) {
        return names.contains("all") || names.contains(name);
    }

    /** Measures every case and prints a row for each. */
    public void run(Recorder recorder) throws IOException {
        recorder.note("| work | model | trained | graph | sequences × tokens | measured MB | estimated MB | ratio |");
        recorder.note("|---|---|---|---|---|---|---|---|");
        for (PeakCase one : cases) {
            long estimated = estimate(one, models) + (heapMegabytes << 20);
            long measured = measure(one);
            recorder.note("| %s | %s | %s | %s | %d × %s | %.0f | %.0f | %.2f |"
                    .formatted(
                            one.work(),
                            one.model(),
                            one.weights(),
                            one.checkpointed() ? "checkpointed" : "whole",
                            one.rows(),
                            one.newTokens() == 0 ? one.length() : one.length() + " + " + one.newTokens(),
                            measured / 1e6,
                            estimated / 1e6,
                            (double) estimated / measured));
        }
    }

    /** What the formulas say of a case, beside the heap. */
    static long estimate(PeakCase one, Path models) throws IOException {
        if (one.work() == PeakCase.Work.START) {
            return TaskMemory.RUNTIME;
        }
        ModelFacts model = facts(Subject.named(one.model(), models).directory());
        TrainingMode mode = one.weights() == PeakCase.Weights.FULL ? TrainingMode.FULL : TrainingMode.LORA;
        long trained = one.weights() == PeakCase.Weights.BASE ? 0 : TaskMemory.trainedWeights(model, mode);
        long work = switch (one.work()) {
            case START -> 0;
            case SFT, SFT_RAGGED, SFT_KL, DPO, DPO_RAGGED, DPO_KL, GRPO, GRPO_KL -> training(one, model, mode);
            case GENERATE, GENERATE_SAMPLES -> trained + sampling(one, model);
            case COLLECT -> TaskMemory.collecting(model, one.length(), model.layers());
            case LOG_PROBS -> TaskMemory.logProbs(model, one.length());
            case READ_PAIRS -> TaskMemory.logProbs(model, one.length(), one.length() - one.length() / 2);
            case EVALUATE -> trained + evaluating(one, model, models);
            case BUILD_PAIRS ->
                TaskMemory.weights(facts(Subject.named(PeakCase.SCORER, models).directory()));
            case SCORE -> TaskMemory.classifying(model);
            case FIT -> TaskMemory.fitting(2L * one.rows() * one.length(), model.dModel());
        };
        long weights = one.work() == PeakCase.Work.FIT ? 0 : TaskMemory.weights(model);
        return TaskMemory.RUNTIME + weights + work;
    }

    private static long sampling(PeakCase one, ModelFacts model) {
        return TaskMemory.generation(model, one.rows(), one.rows() / one.samples(), one.length(), one.newTokens());
    }

    private static long training(PeakCase one, ModelFacts model, TrainingMode mode) {
        Graph graph = one.checkpointed() ? Graph.CHECKPOINTED : Graph.WHOLE;
        Batch batch = one.isRagged() ? one.batch() : one.batch().alike();
        long learning = TaskMemory.training(model, mode, AdapterSpec.DEFAULTS, graph, batch);
        return switch (one.work()) {
            case DPO_KL, SFT_KL -> learning + TaskMemory.divergence(model, batch);
            case GRPO, GRPO_KL -> {
                long merged = mode == TrainingMode.LORA ? TaskMemory.trainedWeights(model, mode) : 0;
                long state = TaskMemory.trainingState(model, mode, AdapterSpec.DEFAULTS);
                yield Math.max(learning, state + merged + sampling(one, model));
            }
            default -> learning;
        };
    }

    private static long evaluating(PeakCase one, ModelFacts model, Path models) throws IOException {
        ModelFacts scorer = facts(Subject.named(PeakCase.SCORER, models).directory());
        long reading =
                Math.max(TaskMemory.collecting(model, one.length(), 1), TaskMemory.logProbs(model, one.length()));
        return TaskMemory.weights(scorer)
                + TaskMemory.oneAfterAnother(TaskMemory.classifying(scorer), reading, sampling(one, model));
    }

    private static ModelFacts facts(Path directory) throws IOException {
        ModelConfig config = Families.read(directory);
        ModelRevision revision = new ModelRevision(String.valueOf(directory.getFileName()), "0".repeat(64));
        return ModelDirectory.facts(config, WeightTable.of(config), revision);
    }

    private long measure(PeakCase one) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + heapMegabytes + "m",
                "-Xmx" + heapMegabytes + "m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-Dai.djl.offline=true",
                "-Dgoodhart.root=" + System.getProperty("goodhart.root", "."),
                "-D" + PeakWork.MODELS + "=" + models,
                "-D" + PeakWork.THREADS + "=" + threads,
                PeakWork.class.getName()));
        command.addAll(one.arguments());
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
        builder.environment().putIfAbsent(ALLOCATOR, "4294967296");
        builder.environment().putIfAbsent("MALLOC_TRIM_THRESHOLD_", "8589934592");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IOException("%s ended with status %d".formatted(one, process.exitValue()));
            }
            return Long.parseLong(output.lines().toList().getLast());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
