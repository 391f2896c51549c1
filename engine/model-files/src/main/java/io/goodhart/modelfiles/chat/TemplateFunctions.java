package io.goodhart.modelfiles.chat;

import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.objects.date.StrftimeFormatter;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import java.time.Instant;
import java.time.ZonedDateTime;

/** Functions that transformers gives to a template. Jinjava calls them by reflection, hence public. */
public final class TemplateFunctions {
    private TemplateFunctions() {}

    /** Refuses the conversation, in the template's words. */
    public static Object raise_exception(String message) { // the template's name
        throw new InvalidInputException(new Problem(ChatTemplate.REFUSED, "messages", message));
    }

    /** The time of the rendering's clock by a format of C, such as {@code %d %b %Y}. */
    public static String strftime_now(String format) {
        var config = JinjavaInterpreter.getCurrent().getConfig();
        Instant now = Instant.ofEpochMilli(config.getDateTimeProvider().getCurrentTimeMillis());
        return StrftimeFormatter.format(ZonedDateTime.ofInstant(now, config.getTimeZone()), format);
    }
}
