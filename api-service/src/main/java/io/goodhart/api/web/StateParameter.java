package io.goodhart.api.web;

import io.goodhart.domain.state.ExperimentState;
import java.util.Locale;
import org.springframework.core.convert.converter.Converter;
import org.springframework.stereotype.Component;

/** Reads {@code ?state=queued}: states are written in lower case. */
@Component
final class StateParameter implements Converter<String, ExperimentState> {
    @Override
    public ExperimentState convert(String text) {
        for (ExperimentState state : ExperimentState.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(text)) {
                return state;
            }
        }
        throw new IllegalArgumentException("No state is called " + text);
    }
}
