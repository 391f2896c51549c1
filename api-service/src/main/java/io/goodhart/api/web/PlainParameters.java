package io.goodhart.api.web;

import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import org.springframework.web.servlet.HandlerInterceptor;

/** Refuses parameters with control characters, which no name or label has and the database cannot compare with. */
final class PlainParameters implements HandlerInterceptor {
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() != null) {
            request.getParameterMap().forEach(PlainParameters::check);
        }
        return true;
    }

    private static void check(String name, String[] values) {
        if (!isPlain(name) || !Arrays.stream(values).allMatch(PlainParameters::isPlain)) {
            String field = isPlain(name) ? name : null;
            throw new InvalidInputException(new Problem("out_of_range", field, "Must not have control characters"));
        }
    }

    private static boolean isPlain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }
}
