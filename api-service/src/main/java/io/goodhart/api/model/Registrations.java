package io.goodhart.api.model;

import io.goodhart.api.artifact.ArtifactLibrary;
import io.goodhart.api.files.FilesRoot;
import io.goodhart.db.model.ClaimedModel;
import io.goodhart.db.model.ModelView;
import io.goodhart.db.model.Models;
import io.goodhart.db.model.NewModel;
import io.goodhart.domain.InvalidInputException;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.modelfiles.ModelDirectory;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Takes sources in, and prepares them one after the other on a thread of its own. What a process that died has left is taken up
 * when its lease has ended; what was fetched already is not fetched again.
 */
@Component
class Registrations implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Registrations.class);

    private final Models models;
    private final FilesRoot root;
    private final ArtifactLibrary artifacts;
    private final ModelFetcher fetcher;
    private final ModelsProperties properties;
    private final Semaphore work = new Semaphore(1);
    private Optional<Thread> thread = Optional.empty();

    Registrations(
            Models models,
            FilesRoot root,
            ArtifactLibrary artifacts,
            ModelFetcher fetcher,
            ModelsProperties properties) {
        this.models = models;
        this.root = root;
        this.artifacts = artifacts;
        this.fetcher = fetcher;
        this.properties = properties;
    }

    /** Registers a source, or finds its registration. */
    ModelView register(RegisterModel request) {
        RegisteredModels.requireName(request.name());
        return register(new NewModel(source(request.source()).toString(), request.name(), Optional.empty()));
    }

    /** Registers what is known to be sound as far as that shows at once. */
    ModelView register(NewModel request) {
        ModelView model = models.register(request);
        work.release();
        return model;
    }

    private ModelSource source(String text) {
        return ModelSource.parse(text, root, artifacts);
    }

    @Override
    public synchronized void start() {
        thread = Optional.of(Thread.ofVirtual().name("registrations").start(this::run));
    }

    @Override
    public synchronized void stop() {
        thread.ifPresent(running -> {
            running.interrupt();
            try {
                running.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread = Optional.empty();
    }

    @Override
    public synchronized boolean isRunning() {
        return thread.isPresent();
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                prepareAll();
                if (work.tryAcquire(properties.poll().toMillis(), TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the end
        }
    }

    private void prepareAll() {
        try {
            for (Optional<ClaimedModel> next = models.claim(properties.lease());
                    next.isPresent();
                    next = models.claim(properties.lease())) {
                prepare(next.get());
            }
        } catch (DataAccessException e) {
            LOG.warn("Registrations wait for the database: {}", e.getMessage());
        }
    }

    private void prepare(ClaimedModel model) {
        try (Heartbeat heartbeat = new Heartbeat(models, model, properties.lease())) {
            ModelFetcher.Fetched fetched = fetcher.fetch(source(model.source()), heartbeat);
            models.ready(model, fetched.path(), fetched.commit(), facts(fetched));
            LOG.info("Model {} is ready at {}", model.source(), fetched.path());
        } catch (InvalidInputException e) {
            fail(model, e.problems());
        } catch (NotFoundException e) {
            fail(model, List.of(new Problem(e.code(), "source", String.valueOf(e.getMessage()))));
        } catch (LeaseLostException e) {
            LOG.warn("{}", e.getMessage());
        } catch (IOException | RuntimeException e) { // the border: one bad source must not end the thread
            failed(model, e);
        }
    }

    /** Checks what was fetched; what cannot be used does not stay. */
    private ModelFacts facts(ModelFetcher.Fetched fetched) throws IOException {
        try {
            ModelDirectory directory = ModelDirectory.open(root.resolve(fetched.path(), "source"), fetched.path());
            directory.requireLoadable();
            return directory.facts();
        } catch (InvalidInputException e) {
            fetcher.discard(fetched);
            throw e;
        }
    }

    private void failed(ClaimedModel model, Exception e) {
        if (Thread.currentThread().isInterrupted()) {
            LOG.info("Model {} is left for later, because the service ends", model.source());
            return;
        }
        LOG.error("Model {} could not be prepared", model.source(), e);
        fail(
                model,
                List.of(new Problem(
                        "registration_failed", "source", "Preparing it failed; the service's log says why")));
    }

    private void fail(ClaimedModel model, List<Problem> problems) {
        LOG.info("Model {} is refused: {}", model.source(), problems);
        try {
            models.failed(model, problems);
        } catch (LeaseLostException e) {
            LOG.warn("{}", e.getMessage());
        }
    }
}
