package io.goodhart.api.model;

import io.goodhart.api.facts.ModelNames;
import io.goodhart.db.model.ModelId;
import io.goodhart.db.model.ModelState;
import io.goodhart.db.model.ModelView;
import io.goodhart.db.model.Models;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.modelfiles.source.HubReference;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds registered models by name, id or reference to the Hub; what holds a slash and is no reference is a path. */
@Component
class RegisteredModels implements ModelNames {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");

    private final Models models;

    RegisteredModels(Models models) {
        this.models = models;
    }

    private static boolean isName(String text) {
        return NAME.matcher(text).matches() && ModelId.of(text).isEmpty();
    }

    static void requireName(@Nullable String name) {
        if (name != null && !isName(name)) {
            throw new InvalidInputException(new Problem(
                    "out_of_range",
                    "name",
                    "Need 1 to 64 of a-z, 0-9, '.', '_' and '-', not an id, got '%s'".formatted(name)));
        }
    }

    @Override
    public Optional<Named> find(String text, String field) {
        if (text.startsWith(HubReference.SCHEME)) {
            HubReference reference = HubReference.parse(text, field);
            ModelView model = models.bySource(reference.toString())
                    .orElseThrow(() -> new InvalidInputException(new Problem(
                            "model_not_registered",
                            field,
                            "%s is not registered; POST it to /v1/models first".formatted(reference))));
            return Optional.of(ready(model, text, field));
        }
        Optional<ModelView> model = ModelId.of(text).isPresent()
                ? Optional.of(models.get(ModelId.parse(text)))
                : Optional.of(text).filter(RegisteredModels::isName).flatMap(models::byName);
        return model.map(found -> ready(found, text, field));
    }

    private static Named ready(ModelView model, String text, String field) {
        return switch (model.state()) {
            case ModelState.Ready ready ->
                new Named(ready.path(), ready.facts().revision().sha256());
            case ModelState.Registering _ ->
                throw new InvalidInputException(new Problem(
                        "model_not_ready", field, "The model %s is still being registered".formatted(text)));
            case ModelState.Failed failed ->
                throw new InvalidInputException(new Problem(
                        "model_not_ready",
                        field,
                        "The model %s could not be registered: %s".formatted(text, reasons(failed.problems()))));
        };
    }

    private static String reasons(List<Problem> problems) {
        return problems.stream().map(Problem::message).collect(Collectors.joining("; "));
    }
}
