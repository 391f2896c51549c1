package io.goodhart.api.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class ApiKeyFilterTest {
    private static final String READER = "reader-secret-0123456789abcdef";
    private static final String SUBMITTER = "submitter-secret-0123456789abc";
    private static final String ADMIN = "admin-secret-0123456789abcdefg";

    private final ApiKeyFilter locked = new ApiKeyFilter(new SecurityProperties(List.of(
            new ApiKey("eve", Role.READER, READER),
            new ApiKey("bob", Role.SUBMITTER, SUBMITTER),
            new ApiKey("ann", Role.ADMIN, ADMIN))));
    private final ApiKeyFilter open = new ApiKeyFilter(new SecurityProperties(List.of()));

    @ParameterizedTest
    @CsvSource({
        "GET,  /v1/experiments,          reader-secret-0123456789abcdef,  200",
        "POST, /v1/experiments,          reader-secret-0123456789abcdef,  403",
        "POST, /v1/experiments,          submitter-secret-0123456789abc,  200",
        "POST, /v1/experiments/x/cancel, reader-secret-0123456789abcdef,  403",
        "PATCH, /v1/experiments/x,       reader-secret-0123456789abcdef,  403",
        "PATCH, /v1/experiments/x,       submitter-secret-0123456789abc,  200",
        "GET,  /actuator/prometheus,     reader-secret-0123456789abcdef,  200",
        "GET,  /actuator/info,           submitter-secret-0123456789abc,  403",
        "GET,  /actuator/info,           admin-secret-0123456789abcdefg,  200",
        "POST, /v1/experiments,          admin-secret-0123456789abcdefg,  200",
        "GET,  /v1/experiments,          no-such-secret-0123456789abcd,   401"
    })
    void aKeyMayDoWhatItsRoleSays(String method, String path, String secret, int status) throws Exception {
        assertThat(call(locked, method, path, request -> with(request, "Bearer " + secret)))
                .isEqualTo(status);
    }

    @Test
    void withoutAKeyTheAnswerIs401AndAsksForOne() throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        locked.doFilter(request("GET", "/v1/experiments"), response, new MockFilterChain());
        assertThat(response.getStatus()).isEqualTo(401);
        assertThat(response.getContentType()).isEqualTo("application/problem+json");
        assertThat(response.getContentAsString()).contains("\"code\":\"unauthorized\"");
        assertThat(response.getHeaders("WWW-Authenticate")).hasSize(2);
    }

    @Test
    void aBrowserSendsTheKeyAsThePasswordOfBasicAuthentication() throws Exception {
        String pair = Base64.getEncoder().encodeToString(("me:" + READER).getBytes(StandardCharsets.UTF_8));
        assertThat(call(locked, "GET", "/v1/experiments", request -> with(request, "Basic " + pair)))
                .isEqualTo(200);
        assertThat(call(locked, "GET", "/v1/experiments", request -> with(request, "Basic %%%")))
                .isEqualTo(401);
        assertThat(call(locked, "GET", "/v1/experiments", request -> with(request, "Digest " + READER)))
                .isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.js",
                "/actuator/health",
                "/actuator/health/liveness",
                "/v3/api-docs",
                "/swagger-ui/index.html"
            })
    void whatHoldsNoSecretIsOpen(String path) throws Exception {
        assertThat(call(locked, "GET", path, UnaryOperator.identity())).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/healthy", "/v3/api-docsx", "/indexx", "/actuator", "/v1/models"})
    void whatOnlyLooksOpenIsNot(String path) throws Exception {
        assertThat(call(locked, "GET", path, UnaryOperator.identity())).isEqualTo(401);
    }

    @Test
    void withoutKeysOnlyCallsToThisMachineByItsOwnNameAreAnswered() throws Exception {
        assertThat(call(open, "POST", "/v1/experiments", UnaryOperator.identity()))
                .isEqualTo(200);
        assertThat(call(open, "GET", "/v1/experiments", request -> named(request, "127.0.0.1")))
                .isEqualTo(200);
        assertThat(call(open, "GET", "/v1/experiments", request -> named(request, "evil.example")))
                .isEqualTo(403);
    }

    @Test
    void pagesOfOtherSitesMayLookButNotChange() throws Exception {
        UnaryOperator<MockHttpServletRequest> foreign = request -> {
            request.addHeader("Sec-Fetch-Site", "cross-site");
            return request;
        };
        assertThat(call(open, "GET", "/v1/experiments", foreign)).isEqualTo(200);
        assertThat(call(open, "POST", "/v1/experiments/x/cancel", foreign)).isEqualTo(403);
        assertThat(call(
                        locked,
                        "POST",
                        "/v1/experiments/x/cancel",
                        request -> with(foreign.apply(request), "Bearer " + ADMIN)))
                .isEqualTo(403);
    }

    private static int call(
            ApiKeyFilter filter, String method, String path, UnaryOperator<MockHttpServletRequest> change)
            throws Exception {
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(change.apply(request(method, path)), response, new MockFilterChain());
        return response.getStatus();
    }

    private static MockHttpServletRequest request(String method, String path) {
        MockHttpServletRequest request = new MockHttpServletRequest(method, path);
        request.setServletPath(path);
        return request;
    }

    private static MockHttpServletRequest with(MockHttpServletRequest request, String authorization) {
        request.addHeader("Authorization", authorization);
        return request;
    }

    private static MockHttpServletRequest named(MockHttpServletRequest request, String host) {
        request.setServerName(host);
        return request;
    }
}
