package io.goodhart.api.security;

import io.goodhart.api.problem.Problems;
import io.goodhart.api.web.WebJson;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Asks for a key where keys are configured: {@code Authorization: Bearer KEY}, or Basic with the key as password, which a
 * browser asks for by itself. Without keys only calls that name this machine are answered, so that a web page elsewhere cannot
 * reach a local service under a name of its own; and what changes something is never taken from another site's page.
 */
final class ApiKeyFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyFilter.class);
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    /** Nothing secret lies here: probes of an orchestrator, and the documents and pages that tell how to call. */
    private static final Set<String> OPEN_PAGES = Set.of(
            "/", "/index.html", "/index.css", "/index.js", "/favicon.ico", "/v3/api-docs.yaml", "/swagger-ui.html");

    private static final List<String> OPEN_TREES = List.of("/actuator/health", "/v3/api-docs", "/swagger-ui");

    private final List<ApiKey> keys;

    ApiKeyFilter(SecurityProperties security) {
        this.keys = security.keys();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (isForeignChange(request)) {
            refuse(
                    request,
                    response,
                    HttpStatus.FORBIDDEN,
                    "cross_site",
                    "Pages of other sites may not change anything here");
            return;
        }
        if (keys.isEmpty()) {
            passLocal(request, response, chain);
            return;
        }
        if (isOpen(path(request))) {
            chain.doFilter(request, response);
            return;
        }
        Optional<ApiKey> key = sentSecret(request).flatMap(this::find);
        if (key.isEmpty()) {
            response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer realm=\"goodhart\"");
            response.addHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"goodhart\", charset=\"UTF-8\"");
            refuse(request, response, HttpStatus.UNAUTHORIZED, "unauthorized", "This call needs a valid API key");
            return;
        }
        Role needed = neededRole(request);
        if (!key.get().role().includes(needed)) {
            LOG.info(
                    "Refused {} {} for key {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    key.get().name());
            String detail = "This call needs the role " + needed.name().toLowerCase(Locale.ROOT);
            refuse(request, response, HttpStatus.FORBIDDEN, "forbidden", detail);
            return;
        }
        chain.doFilter(request, response);
    }

    private void passLocal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!LOCAL_NAMES.contains(request.getServerName().toLowerCase(Locale.ROOT))) {
            refuse(
                    request,
                    response,
                    HttpStatus.FORBIDDEN,
                    "host_not_allowed",
                    "Without API keys this service answers only to localhost");
            return;
        }
        chain.doFilter(request, response);
    }

    private static boolean isForeignChange(HttpServletRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        boolean foreign = site != null && !site.equals("same-origin") && !site.equals("none");
        return foreign && !SAFE_METHODS.contains(request.getMethod());
    }

    /** The path after decoding and normalisation, so that no spelling of it says something else to the dispatcher. */
    private static String path(HttpServletRequest request) {
        return request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
    }

    private static boolean isOpen(String path) {
        return OPEN_PAGES.contains(path)
                || OPEN_TREES.stream().anyMatch(tree -> path.equals(tree) || path.startsWith(tree + "/"));
    }

    private static Role neededRole(HttpServletRequest request) {
        String path = path(request);
        if (path.startsWith("/actuator") && !path.equals("/actuator/prometheus")) {
            return Role.ADMIN;
        }
        return SAFE_METHODS.contains(request.getMethod()) ? Role.READER : Role.SUBMITTER;
    }

    private Optional<ApiKey> find(String secret) {
        ApiKey found = null;
        for (ApiKey key : keys) { // every key is compared, so the time does not tell which one matched
            found = key.matches(secret) ? key : found;
        }
        return Optional.ofNullable(found);
    }

    private static Optional<String> sentSecret(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            return Optional.empty();
        }
        String[] parts = header.strip().split(" +", 2);
        if (parts.length < 2) {
            return Optional.empty();
        }
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "bearer" -> Optional.of(parts[1].strip());
            case "basic" -> password(parts[1].strip());
            default -> Optional.empty();
        };
    }

    private static Optional<String> password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void refuse(
            HttpServletRequest request, HttpServletResponse response, HttpStatus status, String code, String detail)
            throws IOException {
        ProblemDetail document = Problems.of(status, code, status.getReasonPhrase(), detail);
        document.setInstance(URI.create(request.getRequestURI()));
        response.setStatus(status.value());
        response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
        WebJson.mapper().writeValue(response.getOutputStream(), document);
    }
}
