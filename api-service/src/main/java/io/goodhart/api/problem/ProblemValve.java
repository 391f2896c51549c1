package io.goodhart.api.problem;

import io.goodhart.api.web.WebJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;

/** Answers requests that Tomcat itself refuses, such as a path with forbidden characters, with a problem document. */
public final class ProblemValve extends ErrorReportValve {
    @Override
    protected void report(Request request, Response response, @Nullable Throwable failure) {
        int status = response.getStatus();
        if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        try {
            response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
            response.setCharacterEncoding(StandardCharsets.UTF_8);
            response.getReporter()
                    .write(WebJson.mapper().writeValueAsString(Problems.of(HttpStatusCode.valueOf(status))));
            response.finishResponse();
        } catch (IOException e) {
            throw new UncheckedIOException("The client has gone", e);
        }
    }
}
