package io.goodhart.api.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.NotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Import;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@WebMvcTest(ProblemAdviceTest.Failing.class)
@Import(ProblemAdviceTest.Failing.class)
class ProblemAdviceTest {
    @Autowired
    private MockMvcTester mvc;

    @AfterEach
    void noTrace() {
        MDC.remove("traceId");
    }

    @Test
    void aBugIsA500ThatTellsNothingOfTheInside() {
        MvcTestResult result = get("/bug");
        assertThat(result).hasStatus(500).hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
        assertThat(result).bodyText().contains("\"code\":\"internal\"").doesNotContain("secret", "IllegalState");
    }

    @Test
    void aDatabaseThatDoesNotAnswerIsWorthRetrying() {
        MvcTestResult result = get("/database");
        assertThat(result).hasStatus(503).hasHeader("Retry-After", "5");
        assertThat(result).bodyText().contains("database_unavailable").doesNotContain("10.0.0.7");
    }

    @Test
    void refusalsCarryTheirCodeAndTheTrace() {
        MDC.put("traceId", "0af7651916cd43dd8448eb211c80319c");
        assertThat(get("/missing"))
                .hasStatus(404)
                .bodyText()
                .contains(
                        "\"type\":\"/problems/probe-not-found\"",
                        "\"code\":\"probe_not_found\"",
                        "\"instance\":\"/missing\"",
                        "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\"");
        assertThat(get("/lost")).hasStatus(409).hasHeader("X-Should-Retry", "false");
    }

    @Test
    void aParameterThatIsMissingOrOfAnotherTypeIsNamedAsTheCallerWritesIt() {
        assertThat(get("/number"))
                .hasStatus(400)
                .bodyText()
                .contains("\"code\":\"missing_field\"", "\"field\":\"howMany\"");
        assertThat(get("/number?howMany=lots"))
                .hasStatus(400)
                .bodyText()
                .contains("\"code\":\"wrong_type\"", "\"field\":\"howMany\"");
    }

    @Test
    void aProblemIsToldEvenToThoseWhoAskForAnotherForm() {
        assertThat(mvc.get().uri("/missing").accept("text/csv").exchange())
                .hasStatus(404)
                .hasContentType(MediaType.APPLICATION_PROBLEM_JSON);
    }

    private MvcTestResult get(String path) {
        return mvc.get().uri(path).exchange();
    }

    @RestController
    static class Failing {
        @GetMapping("/bug")
        String bug() {
            throw new IllegalStateException("secret");
        }

        @GetMapping("/database")
        String database() {
            throw new DataAccessResourceFailureException("no route to 10.0.0.7");
        }

        @GetMapping("/missing")
        String missing() {
            throw new NotFoundException("probe_not_found", "There is no such probe");
        }

        @GetMapping("/lost")
        String lost() {
            throw new LeaseLostException("Another worker has it");
        }

        @GetMapping("/number")
        int number(@RequestParam int howMany) {
            return howMany;
        }
    }
}
