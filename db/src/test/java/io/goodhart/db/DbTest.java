package io.goodhart.db;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

/** A test of this module's beans on a database of its own. Nothing sweeps unless the test does; retries come at once. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.NONE,
        classes = DbTest.Application.class,
        properties = {
            "goodhart.db.sweep=false",
            "goodhart.db.retry-pause=0s",
            "spring.datasource.hikari.maximum-pool-size=20",
            "logging.level.root=warn"
        })
public @interface DbTest {
    /** The smallest application. */
    @EnableAutoConfiguration
    @Import({DbConfiguration.class, PostgresForTests.class, Scenario.class})
    class Application {}
}
