package io.goodhart.probeservice;

import io.goodhart.db.PostgresForTests;
import io.goodhart.db.Scenario;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** A test of the running service, on a database of its own; paths of models are relative to the project's root. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        classes = ProbeServiceTest.Application.class,
        properties = {
            "goodhart.files.root=${goodhart.root}",
            "goodhart.storage.directory=target/it-artifacts",
            "goodhart.probe-service.timeout=180s",
            "goodhart.db.sweep=false",
            "goodhart.db.listen=false"
        })
@interface ProbeServiceTest {
    /** The service and what tests need beside it. */
    @Import({ProbeServiceApplication.class, PostgresForTests.class, Scenario.class, PublishedProbes.class})
    class Application {}
}
