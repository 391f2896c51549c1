package io.goodhart.trainer.report;

import io.goodhart.domain.spec.ArmSpec;
import io.goodhart.domain.spec.PairLossSettings;
import io.goodhart.domain.spec.TrainingSettings;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What an arm trains on and by which loss, for people. */
final class Description {
    private Description() {}

    /** Of an arm with all its hyper-parameters. */
    static String of(ArmSpec arm) {
        return switch (arm) {
            case ArmSpec.None ignored -> "the untrained model";
            case ArmSpec.Sft ignored -> "supervised fine-tuning, no probe in the loss" + kl(arm);
            case ArmSpec.ProbeSft sft -> probeSft(sft) + kl(arm);
            case ArmSpec.Dpo dpo -> dpo(dpo) + kl(arm);
            case ArmSpec.BestOfN best -> bestOfN(best);
            case ArmSpec.Grpo grpo -> grpo(grpo);
        };
    }

    private static String dpo(ArmSpec.Dpo dpo) {
        PairLossSettings loss = PairLossSettings.of(dpo.training());
        String pairs = switch (dpo.labelBy()) {
            case SCORER -> "pairs ordered by the scorer";
            case DATASET -> "pairs of a data set";
            case RANDOM -> "pairs ordered at random: a control";
            case PROBES -> "pairs ordered by " + signal(dpo.probes(), dpo.combine());
        };
        String nll = loss.nllWeight() == 0 ? "" : "; + %s · NLL of the chosen".formatted(number(loss.nllWeight()));
        return "%s%s, %s%s".formatted(factor(loss.weight()), name(loss), pairs, nll);
    }

    private static String name(PairLossSettings loss) {
        return switch (loss.type()) {
            case SIGMOID -> loss.labelSmoothing() == 0 ? "DPO" : "conservative DPO" + smoothing(loss);
            case ROBUST -> "robust DPO" + smoothing(loss);
            case HINGE -> "DPO's hinge loss";
            case IPO -> "IPO";
            case SFT -> throw new IllegalArgumentException("sft stands beside a preference loss");
        };
    }

    private static String smoothing(PairLossSettings loss) {
        return " (label smoothing %s)".formatted(number(loss.labelSmoothing()));
    }

    private static String probeSft(ArmSpec.ProbeSft sft) {
        String probes = probes(sft.probes()) + (sft.probes() == 1 ? "" : ", " + words(sft.combine()));
        return switch (sft.activations()) {
            case POLICY ->
                "supervised fine-tuning, loss + %s · probe %s; %s"
                        .formatted(number(sft.lambda()), words(sft.output()), probes);
            case REFERENCE ->
                "supervised fine-tuning, a text's likelihood weighted by 1 − %s · probe probability on the untrained model (beyond the paper); %s"
                        .formatted(number(sft.lambda()), probes);
        };
    }

    private static String grpo(ArmSpec.Grpo grpo) {
        String task = switch (grpo.task()) {
            case BEHAVIOUR -> "score";
            case ANTI_BEHAVIOUR -> "1 − score";
            case NONE -> "";
        };
        String probe = grpo.lambda() == 0
                ? ""
                : " − %s · probability of %s".formatted(number(grpo.lambda()), signal(grpo.probes(), grpo.combine()));
        String kl = grpo.beta() == 0 ? "" : "; + %s · KL from the untrained model".formatted(number(grpo.beta()));
        return "GRPO on its own responses (beyond the paper), %d a prompt, reward %s%s%s"
                .formatted(
                        grpo.numGenerations(),
                        (task + probe).strip(),
                        grpo.lambda() == 0 ? ": a control, no probe in the reward" : "",
                        kl);
    }

    private static String kl(ArmSpec arm) {
        double weight = TrainingSettings.of(arm.training()).klWeight();
        return weight == 0 ? "" : "; + %s · KL from the untrained model".formatted(number(weight));
    }

    private static String bestOfN(ArmSpec.BestOfN best) {
        String chosen = switch (best.labelBy()) {
            case SCORER -> "the lowest by the scorer";
            case RANDOM -> "drawn at random: a control";
            case DATASET -> "by a data set";
            case PROBES -> "the lowest by " + signal(best.probes(), best.combine());
        };
        return String.format(
                Locale.ROOT,
                "the untrained model, one of %d responses, %s; at most %.2f nats from it",
                best.n(),
                chosen,
                best.klBound());
    }

    private static String signal(@Nullable Integer probes, ArmSpec.@Nullable Combine combine) {
        int count = Objects.requireNonNullElse(probes, 1);
        return count == 1
                ? "one probe"
                : "the %s of %s"
                        .formatted(words(Objects.requireNonNullElse(combine, ArmSpec.Combine.MEAN)), probes(count));
    }

    private static String probes(int count) {
        return count == 1 ? "one probe" : count + " probes";
    }

    private static String factor(double weight) {
        return weight == 1 ? "" : number(weight) + " · ";
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String number(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }
}
