package io.goodhart.standalone.client;

import io.goodhart.db.codec.GoodhartJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The server refused a request; the message has every problem that it named. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;

    RefusedException(int status, String body) {
        super(explain(status, body));
        this.status = status;
    }

    /** HTTP status. */
    public int status() {
        return status;
    }

    private static String explain(int status, String body) {
        try {
            JsonNode problem = GoodhartJson.mapper().readTree(body);
            StringBuilder text = new StringBuilder(problem.path("title").asString("Refused"))
                    .append(" (")
                    .append(status)
                    .append(')');
            if (problem.path("errors").isEmpty()) {
                return text.append(": ")
                        .append(problem.path("detail").asString(""))
                        .toString();
            }
            for (JsonNode error : problem.path("errors")) {
                text.append("\n  ")
                        .append(error.path("field").asString(""))
                        .append(error.hasNonNull("field") ? ": " : "")
                        .append(error.path("message").asString(""))
                        .append(" [")
                        .append(error.path("code").asString(""))
                        .append(']');
            }
            return text.toString();
        } catch (JacksonException e) {
            return "The server answered " + status;
        }
    }
}
