package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Options;
import io.goodhart.benchmarks.measure.Recorder;
import io.goodhart.benchmarks.measure.Sample;
import io.goodhart.benchmarks.memory.ResidentMemory;
import io.goodhart.lm.adapter.LoraAdapter;
import io.goodhart.lm.adapter.LoraSettings;
import io.goodhart.lm.model.DecoderModel;
import io.goodhart.tuning.data.BatchPlan;
import io.goodhart.tuning.data.DataOrder;
import io.goodhart.tuning.logprob.ReferenceScores;
import io.goodhart.tuning.loop.TrainingLoop;
import io.goodhart.tuning.loop.TrainingResult;
import io.goodhart.tuning.loop.TrainingSetup;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.model.DecoderTuning;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.PairLoss;
import io.goodhart.tuning.objective.SftObjective;
import io.goodhart.tuning.optimize.Optimization;
import io.goodhart.tuning.optimize.OptimizerRule;
import io.goodhart.tuning.optimize.Schedule;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Training on ragged rows as an experiment does it, which TRL's trainers do on the other side. A repetition is one pass over the
 * data. {@code dpo}: the reference is asked at every step; {@code dpo-precomputed}: its scores are known before the first.
 */
public final class RaggedTraining {
    private static final int RANK = 8;
    private static final double BETA = 0.1;

    private final Subject subject;
    private final RaggedPairs data;
    private final List<String> cases;
    private final int batch;

    /** Reads what to do from options. */
    public RaggedTraining(Options options) throws IOException {
        this.subject = Subject.of(options);
        this.data = RaggedPairs.of(options, subject);
        this.cases = options.words("cases", "dpo-lora,dpo-precomputed-lora,sft-lora,sft-full");
        this.batch = options.number("batch", 4);
    }

    /** Writes the data for the peer and prints where it is. */
    public void writeData(Recorder recorder) throws IOException {
        recorder.note(data.writeTo(subject.directory()).toString());
    }

    /** Measures every case. */
    public void run(Recorder recorder) throws IOException {
        for (String one : cases) {
            recorder.begin();
            String method = one.substring(0, one.lastIndexOf('-'));
            try (DecoderModel model = DecoderModel.load(subject.directory())) {
                if (one.endsWith("-full")) {
                    try (DecoderTuning tuning = DecoderTuning.full(model, Optional.empty())) {
                        train(one, method, tuning, recorder);
                    }
                } else {
                    lora(one, method, model, recorder);
                }
            }
        }
    }

    private void lora(String one, String method, DecoderModel model, Recorder recorder) throws IOException {
        try (LoraAdapter adapter = LoraAdapter.create(model.table(), LoraSettings.allLinear(RANK, 2.0 * RANK), 1);
                DecoderTuning tuning = DecoderTuning.lora(model, adapter)) {
            train(one, method, tuning, recorder);
        }
    }

    private TrainingTask task(String method, DecoderTuning tuning) {
        return switch (method) {
            case "sft" -> TrainingTask.Sft.of(data.texts(), SftObjective.trl(SftObjective.Scope.COMPLETION));
            case "dpo" -> TrainingTask.Preferences.of(data.pairs(), DpoObjective.sigmoid(BETA));
            case "dpo-precomputed" ->
                new TrainingTask.Preferences(
                        data.pairs(),
                        PairLoss.of(DpoObjective.sigmoid(BETA)),
                        Optional.of(ReferenceScores.of(tuning, data.pairs(), batch, done -> {})));
            default -> throw new IllegalArgumentException("No such case: " + method);
        };
    }

    private void train(String one, String method, DecoderTuning tuning, Recorder recorder) throws IOException {
        TrainingTask task = task(method, tuning);
        BatchPlan plan = new BatchPlan(task.rows(), batch, 1, Integer.MAX_VALUE, new DataOrder.FileOrder());
        Optimization optimization = new Optimization(OptimizerRule.AdamW.standard(), 1e-5, new Schedule.Constant(0), 1);
        String name = "trl/%s/%s".formatted(subject.name(), one);
        String unit = method.equals("sft") ? "text" : "pair";
        StepWatch watch = new StepWatch(
                name,
                plan.stepsPerEpoch(),
                recorder,
                () -> {},
                lap -> Sample.of(lap, unit, task.rows()).with("peak_mib", ResidentMemory.peakMegabytes()));
        TrainingResult result = new TrainingLoop()
                .run(TrainingSetup.of(tuning, task, plan, optimization).withCancel(watch::isDone), watch);
        if (!(result instanceof TrainingResult.Cancelled)) {
            throw new IllegalStateException("The training ended as " + result);
        }
        recorder.summarise(name, watch.samples());
    }
}
