package io.goodhart.api.problem;

import io.goodhart.domain.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Problems} writes, for the OpenAPI document.
 *
 * @param type relative URI of the kind of problem
 * @param title the kind of problem, for people
 * @param status HTTP status
 * @param detail this occurrence, for people
 * @param instance path that was called
 * @param code the kind of problem, for programs
 * @param errors each thing that is wrong
 * @param traceId trace of the call
 */
public record ProblemDocument(
        String type,
        String title,
        Integer status,
        String detail,
        @Nullable String instance,
        String code,
        @Nullable List<Problem> errors,
        @Nullable String traceId) {}
