package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.loop.TrainingLoop;
import io.goodhart.tuning.loop.TrainingResult;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Training steps per second in the real training loop: forward, backward, clipping, AdamW and metrics. Beside every repetition
 * the speed of a matrix product is measured; MFU is the share of it that a step's {@link ModelFlops} reach.
 */
public final class Training {
    private static final int RANK = 8;

    private final Subject subject;
    private final List<TrainingCase> cases;
    private final int stepsPerRepeat;
    private final Gemm gemm;
    private final boolean checkpointed;

    /** Reads what to do from options. */
    public Training(Options options) throws IOException {
        this.subject = Subject.of(options);
        this.cases = TrainingCase.of(options);
        this.stepsPerRepeat = options.number("steps", 1);
        this.checkpointed = options.flag("gradient-checkpointing");
        this.gemm = new Gemm(options.number("gemm-size", 2048), options.number("gemm-products", 4));
    }

    /** Measures every case. */
    public void run(Recorder recorder) throws IOException {
        for (TrainingCase one : cases) {
            recorder.begin();
            if (one.adapter()) {
                lora(one, recorder);
            } else {
                full(one, recorder);
            }
        }
    }

    private void lora(TrainingCase one, Recorder recorder) throws IOException {
        try (DecoderModel model = DecoderModel.load(subject.directory());
                LoraAdapter adapter = LoraAdapter.create(model.table(), LoraSettings.allLinear(RANK, 2.0 * RANK), 1);
                DecoderTuning tuning = DecoderTuning.lora(model, adapter)) {
            train(one, tuning, new ModelFlops(model, adapter), recorder);
        }
    }

    private void full(TrainingCase one, Recorder recorder) throws IOException {
        try (DecoderModel model = DecoderModel.load(subject.directory())) {
            if (one.method() == TrainingCase.Method.SFT) {
                train(one, model, Optional.empty(), recorder);
                return;
            }
            try (DecoderModel reference = DecoderModel.load(subject.directory())) {
                train(one, model, Optional.of(reference), recorder);
            }
        }
    }

    private void train(TrainingCase one, DecoderModel model, Optional<DecoderModel> reference, Recorder recorder)
            throws IOException {
        try (DecoderTuning tuning = DecoderTuning.full(model, reference)) {
            train(one, tuning, new ModelFlops(model, null), recorder);
        }
    }

    private void train(TrainingCase one, DecoderTuning tuning, ModelFlops flops, Recorder recorder) throws IOException {
        TrainingTask task = one.task(subject);
        BatchPlan plan = new BatchPlan(task.rows(), one.rowsPerStep(), 1, Integer.MAX_VALUE, new DataOrder.FileOrder());
        Optimization optimization = new Optimization(OptimizerRule.AdamW.standard(), 1e-5, new Schedule.Constant(0), 1);
        double gflops = one.flops(flops) * stepsPerRepeat / 1e9;
        double tokens = (double) stepsPerRepeat * one.rows() * one.length();
        AtomicReference<Sample> product = new AtomicReference<>(gemm.sample());
        StepWatch watch = new StepWatch(
                one.name(subject),
                stepsPerRepeat,
                recorder,
                () -> product.set(gemm.sample()),
                lap -> Sample.of(lap, "token", tokens)
                        .with("gflops", gflops / lap.wallSeconds())
                        .with("gemm_gflops", product.get().rate())
                        .with("mfu", gflops / lap.wallSeconds() / product.get().rate())
                        .with(
                                "mfu_cpu",
                                gflops / lap.cpuSeconds() / product.get().cpuRate()));
        TrainingSetup setup = TrainingSetup.of(checkpointed ? tuning.checkpointed() : tuning, task, plan, optimization)
                .withCancel(watch::isDone);
        TrainingResult result = new TrainingLoop().run(setup, watch);
        if (!(result instanceof TrainingResult.Cancelled)) {
            throw new IllegalStateException("The training ended as " + result);
        }
        recorder.summarise(one.name(subject), watch.samples());
    }
}
