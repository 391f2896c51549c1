package io.goodhart.trainer.execute;

import io.goodhart.domain.Hashes;
import io.goodhart.domain.plan.TaskSpec.FitProbes;
import io.goodhart.domain.spec.ResponseSpec;
import io.goodhart.probing.Calibration;
import io.goodhart.probing.LabelledTexts;
import io.goodhart.probing.Probe;
import io.goodhart.probing.evaluate.ProbabilityScores;
import io.goodhart.probing.fit.LayerSweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What is told of a fitted probe beside its numbers: how and on what it was fitted, and how well it ranks what calibrates it. */
record ProbeDescription(ProbeRecipe recipe, Probe probe, LabelledTexts fitting, LabelledTexts calibration) {
    /**
     * The description.
     *
     * @param responses texts that it was fitted and calibrated on
     * @param scores their scores
     */
    Map<String, Object> of(Path responses, Path scores) {
        FitProbes spec = recipe.spec();
        Map<String, Object> description = new TreeMap<>();
        description.put("pooling", name(spec.pooling()));
        description.put("aggregation", name(spec.aggregation()));
        description.put("class_weights", name(spec.classWeights()));
        description.put("calibration_method", name(spec.calibration()));
        description.put("c", spec.c());
        if (spec.size() > 0) {
            description.put("size", spec.size());
        }
        description.put("dataset", spec.dataset().path());
        description.put("dataset_sha256", spec.dataset().sha256());
        if (spec.label() == null) {
            description.put("fitted_on", "responses");
            description.put("template", Objects.requireNonNull(spec.template()));
            Optional.ofNullable(spec.sampling()).ifPresent(sampling -> description.put("decoding", decoding(sampling)));
        } else {
            description.put("fitted_on", "labelled_texts");
            description.put("label", spec.label());
        }
        description.put("responses_sha256", sha256(responses));
        description.put("scores_sha256", sha256(scores));
        description.put("examples", fitting.n());
        description.put("positives", fitting.positives());
        description.put("calibration_examples", calibration.n());
        description.put("calibration_positives", calibration.positives());
        addCalibration(description);
        return description;
    }

    private static Map<String, Object> decoding(ResponseSpec sampling) {
        Map<String, Object> decoding = new TreeMap<>();
        decoding.put("max_new_tokens", sampling.maxNewTokens());
        decoding.put("temperature", sampling.temperature());
        if (sampling.drawsRandomly()) {
            decoding.put("top_k", sampling.topK());
            decoding.put("top_p", sampling.topP());
        }
        return decoding;
    }

    private void addCalibration(Map<String, Object> description) {
        Calibration own = probe.calibration();
        description.put("threshold", own.threshold());
        description.put("slope", own.slope());
        description.put("intercept", own.intercept());
        if (recipe.lacksScale(probe)) {
            description.put(
                    "not_scaled", "The calibration responses lack a class, or their order contradicts the labels");
        }
        if (calibration.n() > 0) {
            double[] probabilities = probe.probabilities(calibration.activations());
            description.put(
                    "calibration_accuracy",
                    ProbabilityScores.accuracy(calibration.labels(), probabilities, own.threshold())
                            .orElseThrow());
        }
        LayerSweep.auc(probe.fit(), probe.aggregation(), List.of(calibration))
                .ifPresent(auc -> description.put("calibration_auroc", auc));
    }

    private static String sha256(Path file) {
        try {
            return Hashes.sha256(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
