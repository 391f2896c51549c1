package io.goodhart.db.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.goodhart.db.DbTest;
import io.goodhart.db.Scenario;
import io.goodhart.db.experiment.Artifacts;
import io.goodhart.db.queue.Output;
import io.goodhart.domain.ConflictException;
import io.goodhart.domain.LeaseLostException;
import io.goodhart.domain.NotFoundException;
import io.goodhart.domain.Problem;
import io.goodhart.domain.model.BlockFacts;
import io.goodhart.domain.model.ModelFacts;
import io.goodhart.domain.model.ModelRevision;
import io.goodhart.domain.model.Site;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

@DbTest
class ModelsIT {
    private static final Duration LEASE = Duration.ofMinutes(5);
    private static final ModelFacts FACTS = new ModelFacts(
            new ModelRevision("models/x", "ab".repeat(32)),
            "llama",
            ModelFacts.Task.LANGUAGE_MODEL,
            2,
            8,
            16,
            2,
            1,
            4,
            100,
            64,
            12_345,
            List.of("q_proj"),
            List.of(Site.RESID_PRE, Site.RESID_POST),
            List.of(),
            BlockFacts.gated(2, 4));

    private final Models models;
    private final Artifacts artifacts;
    private final JdbcClient jdbc;

    @Autowired
    ModelsIT(Models models, Artifacts artifacts, JdbcClient jdbc) {
        this.models = models;
        this.artifacts = artifacts;
        this.jdbc = jdbc;
    }

    @BeforeEach
    void clear() {
        jdbc.sql("delete from model").update();
    }

    private ModelView register(String source, @Nullable String name) {
        return models.register(new NewModel(source, name, Optional.empty()));
    }

    @Test
    void anUploadedArchiveIsAnArtifactUnlessItIsRefused() {
        Output archive = Scenario.output("model.tar");
        Output other = Scenario.output("other.tar");
        models.register(new NewModel("artifact://a", "a", Optional.of(archive)));
        models.register(new NewModel("artifact://a", "a", Optional.of(archive)));
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> models.register(new NewModel("artifact://b", "a", Optional.of(other))));
        assertThat(artifacts.find(archive.artifact())).contains(archive);
        assertThat(artifacts.find(other.artifact())).isEmpty();
        assertThat(models.bySource("artifact://b")).isEmpty();
    }

    @Test
    void equalSourcesAreOneResource() {
        ModelView first = register("hf://a/b@main", null);
        ModelView again = register("hf://a/b@main", "b");
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(models.byName("b")).contains(again);
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> register("hf://a/c@main", "b"))
                .extracting(ConflictException::code)
                .isEqualTo("model_name_taken");
        assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> register("hf://a/b@main", "other"));
        assertThat(models.list(10, null).items()).hasSize(1);
    }

    @Test
    void aRegistrationIsClaimedOnceAndEndsReady() {
        ModelView model = register("models/x", null);
        ClaimedModel claimed = models.claim(LEASE).orElseThrow();
        assertThat(claimed.source()).isEqualTo("models/x");
        assertThat(models.claim(LEASE)).isEmpty();
        models.progress(claimed, 5, 10, LEASE);
        assertThat(models.get(model.id()).state()).isEqualTo(new ModelState.Registering(5, 10));
        models.ready(claimed, "models/x", Optional.of("c0ffee"), FACTS);
        assertThat(models.bySource("models/x").orElseThrow().state())
                .isInstanceOfSatisfying(
                        ModelState.Ready.class,
                        ready -> assertThat(ready.facts()).isEqualTo(FACTS));
        register("models/x", null);
        assertThat(models.get(model.id()).state()).isInstanceOf(ModelState.Ready.class);
    }

    @Test
    void aModelThatWasReadyBeforeSitesWereSaidHasThem() throws IOException {
        ModelView model = register("models/x", null);
        models.ready(models.claim(LEASE).orElseThrow(), "models/x", Optional.empty(), FACTS);
        jdbc.sql("update model set facts = (facts::jsonb - 'sites')::json").update();
        String migration = new ClassPathResource("db/migration/V20261125010000__models_say_their_sites.sql")
                .getContentAsString(StandardCharsets.UTF_8);
        jdbc.sql(migration).update();
        assertThat(models.get(model.id()).state())
                .isInstanceOfSatisfying(
                        ModelState.Ready.class,
                        ready -> assertThat(ready.facts().sites()).containsExactly(Site.values()));
    }

    @Test
    void aDeadProcessLosesItsClaimAndCanWriteNothing() {
        register("models/x", null);
        ClaimedModel dead = models.claim(Duration.ZERO).orElseThrow();
        ClaimedModel alive = models.claim(LEASE).orElseThrow();
        assertThat(alive.id()).isEqualTo(dead.id());
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> models.progress(dead, 1, 2, LEASE));
        assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> models.failed(dead, List.of()));
        models.ready(alive, "models/x", Optional.empty(), FACTS);
        assertThatExceptionOfType(LeaseLostException.class)
                .isThrownBy(() -> models.ready(alive, "models/x", Optional.empty(), FACTS));
    }

    @Test
    void whatFailedSaysWhyAndMayBeginAnew() {
        ModelView model = register("models/x", null);
        Problem problem = new Problem("hub_not_found", "source", "nothing there");
        models.failed(models.claim(LEASE).orElseThrow(), List.of(problem));
        assertThat(models.get(model.id()).state())
                .isInstanceOfSatisfying(
                        ModelState.Failed.class,
                        failed -> assertThat(failed.problems()).containsExactly(problem));
        register("models/x", null);
        assertThat(models.claim(LEASE).orElseThrow().id()).isEqualTo(model.id());
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> models.get(new ModelId(UUID.randomUUID())));
        assertThatExceptionOfType(NotFoundException.class).isThrownBy(() -> ModelId.parse("x"));
        assertThat(models.byName("x")).isEmpty();
    }
}
