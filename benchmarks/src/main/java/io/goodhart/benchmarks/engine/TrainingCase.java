package io.goodhart.benchmarks.engine;

import io.goodhart.benchmarks.measure.Options;
import io.goodhart.tuning.data.PreferencePair;
import io.goodhart.tuning.data.TextExample;
import io.goodhart.tuning.data.TokenIds;
import io.goodhart.tuning.loop.TrainingTask;
import io.goodhart.tuning.objective.DpoObjective;
import io.goodhart.tuning.objective.SftObjective;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a training benchmark computes. Every row is equally long, so that no padding is computed or counted.
 *
 * @param method what is learnt
 * @param adapter whether a low-rank adapter learns, or all weights
 * @param rows sequences in a forward pass of the policy: texts, or chosen and rejected responses together
 * @param length tokens of a row; the first half of a preference row is the prompt
 */
public record TrainingCase(Method method, boolean adapter, int rows, int length) {
    /** The methods. */
    public enum Method {
        /** Supervised fine-tuning on whole sequences. */
        SFT,
        /** Direct preference optimisation, the reference computed at every step. */
        DPO
    }

    /** The cases that options ask for: all four unless {@code methods} and {@code weights} name some. */
    static List<TrainingCase> of(Options options) {
        int rows = options.number("rows", 8);
        int length = options.number("length", 128);
        List<String> weights = options.words("weights", "lora,full");
        List<TrainingCase> cases = new ArrayList<>();
        for (String method : options.words("methods", "sft,dpo")) {
            for (String weight : weights) {
                cases.add(new TrainingCase(
                        method.equals("dpo") ? Method.DPO : Method.SFT, weight.equals("lora"), rows, length));
            }
        }
        return cases;
    }

    String name(Subject subject) {
        return "train/%s/%s/%s"
                .formatted(subject.name(), method == Method.DPO ? "dpo" : "sft", adapter ? "lora" : "full");
    }

    /** Tokens of a row that are predicted. */
    int predicted() {
        return method == Method.DPO ? length - length / 2 : length - 1;
    }

    /** The work of one step of the model that learns and of its reference. */
    double flops(ModelFlops model) {
        double learning = model.training(rows, length, predicted());
        return method == Method.DPO ? learning + model.forward(rows, length, predicted()) : learning;
    }

    /** Enough rows for some steps, then the same again. */
    public TrainingTask task(Subject subject) {
        int steps = 4;
        List<int[]> texts = subject.texts(rows * steps, length, 1);
        return switch (method) {
            case SFT ->
                TrainingTask.Sft.of(
                        texts.stream()
                                .map(text -> new TextExample(TokenIds.of(text), 0))
                                .toList(),
                        SftObjective.trl(SftObjective.Scope.WHOLE_SEQUENCE));
            case DPO -> TrainingTask.Preferences.of(pairs(texts), DpoObjective.sigmoid(0.1));
        };
    }

    private List<PreferencePair> pairs(List<int[]> texts) {
        List<PreferencePair> pairs = new ArrayList<>();
        int prompt = length / 2;
        for (int i = 0; i + 1 < texts.size(); i += 2) {
            pairs.add(new PreferencePair(
                    TokenIds.of(Arrays.copyOf(texts.get(i), prompt)),
                    TokenIds.of(Arrays.copyOfRange(texts.get(i), prompt, length)),
                    TokenIds.of(Arrays.copyOfRange(texts.get(i + 1), prompt, length))));
        }
        return pairs;
    }

    /** Rows of the task in one step. */
    public int rowsPerStep() {
        return method == Method.DPO ? rows / 2 : rows;
    }
}
