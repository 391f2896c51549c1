package io.goodhart.api.experiment;

import io.goodhart.api.problem.ProblemException;
import io.goodhart.db.experiment.ExperimentId;
import io.goodhart.db.experiment.Experiments;
import io.goodhart.db.experiment.Submission;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.spec.ExperimentSpec;
import io.goodhart.domain.state.Priority;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** Takes specifications in: reads, checks, plans and queues them, and counts what was accepted and why others were not. */
@Component
class Submissions {
    private static final Logger LOG = LoggerFactory.getLogger(Submissions.class);
    private static final Pattern IDEMPOTENCY_KEY = Pattern.compile("[\\x21-\\x7e]{1,255}");

    private final ExperimentCheck check;
    private final Experiments experiments;
    private final LimitProperties limits;
    private final MeterRegistry metrics;

    Submissions(ExperimentCheck check, Experiments experiments, LimitProperties limits, MeterRegistry metrics) {
        this.check = check;
        this.experiments = experiments;
        this.limits = limits;
        this.metrics = metrics;
    }

    /** Queues an experiment. Nothing is queued if anything is wrong with it. */
    ExperimentId submit(InputStream body, @Nullable MediaType type, Priority priority, @Nullable String idempotencyKey)
            throws IOException {
        try {
            requireSound(idempotencyKey);
            Submission submission = new Submission(read(body, type), priority, idempotencyKey);
            Optional<ExperimentId> earlier = experiments.submitted(submission);
            if (earlier.isPresent()) {
                return earlier.get(); // whatever has become of its files since
            }
            CheckedExperiment checked = check.check(submission.spec());
            ExperimentId id = experiments.submit(submission, checked.plan(), checked.warnings());
            Counter.builder("goodhart.experiments.accepted")
                    .description("Experiments that were queued")
                    .register(metrics)
                    .increment();
            LOG.info(
                    "Queued experiment {} with {} tasks",
                    id,
                    checked.plan().tasks().size());
            return id;
        } catch (InvalidInputException e) {
            count(e);
            throw e;
        }
    }

    /** What {@link #submit} would do. */
    PlanSummary validate(InputStream body, @Nullable MediaType type) throws IOException {
        try {
            return PlanSummary.accepted(check.check(read(body, type)));
        } catch (InvalidInputException e) {
            if (SpecificationReader.isUnreadable(e)) {
                throw e;
            }
            return PlanSummary.refused(e.problems());
        }
    }

    /** Reads no more of a body than it may have. */
    private ExperimentSpec read(InputStream body, @Nullable MediaType type) throws IOException {
        int limit = Math.toIntExact(limits.body().toBytes());
        byte[] bytes = body.readNBytes(limit + 1);
        if (bytes.length > limit) {
            throw new ProblemException(
                    HttpStatus.CONTENT_TOO_LARGE,
                    "too_large",
                    "Too large",
                    "A specification has at most %d bytes".formatted(limit));
        }
        return SpecificationReader.read(bytes, type);
    }

    private static void requireSound(@Nullable String idempotencyKey) {
        if (idempotencyKey != null && !IDEMPOTENCY_KEY.matcher(idempotencyKey).matches()) {
            throw new InvalidInputException(new Problem(
                    "out_of_range", "Idempotency-Key", "Need 1 to 255 visible ASCII characters without spaces"));
        }
    }

    private void count(InvalidInputException refusal) {
        refusal.problems().stream()
                .map(Problem::code)
                .distinct()
                .forEach(code -> Counter.builder("goodhart.experiments.refused")
                        .description("Experiments that were refused, by each kind of problem")
                        .tag("code", code)
                        .register(metrics)
                        .increment());
    }
}
