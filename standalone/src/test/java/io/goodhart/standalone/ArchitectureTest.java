package io.goodhart.standalone;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.TimeUnit;

@AnalyzeClasses(packages = "io.goodhart", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] ENGINE = {
        "io.goodhart.tensor..",
        "io.goodhart.lm..",
        "io.goodhart.probing..",
        "io.goodhart.tuning..",
        "io.goodhart.modelfiles.."
    };
    private static final String[] SERVICES = {
        "io.goodhart.api..", "io.goodhart.trainer..", "io.goodhart.probeservice..", "io.goodhart.standalone.."
    };

    @ArchTest
    static final ArchRule domainIsPlainJava = classes()
            .that()
            .resideInAPackage("io.goodhart.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.goodhart.domain..", "java..", "org.jspecify..")
            .because("the domain outlives every framework");

    @ArchTest
    static final ArchRule onlyTheFacadeTouchesTheEngineOfDjl = noClasses()
            .that()
            .resideOutsideOfPackages("io.goodhart.tensor..", "ai.djl..", "io.goodhart.modelfiles.tokenize..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..")
            .because("native memory has an owner only behind the facade");

    @ArchTest
    static final ArchRule engineRunsInAPlainMain = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.springframework..", "java.sql..", "jakarta..", "io.goodhart.db..", "io.goodhart.storage..")
            .because("the maths runs in a plain main and in a test without a context");

    @ArchTest
    static final ArchRule engineDoesNotKnowTheServices = noClasses()
            .that()
            .resideInAnyPackage(ENGINE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SERVICES);

    @ArchTest
    static final ArchRule probingAndTuningDoNotSeeEachOther = noClasses()
            .that()
            .resideInAPackage("io.goodhart.probing..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.goodhart.tuning..")
            .because("what they share is in domain or lm");

    @ArchTest
    static final ArchRule tuningDoesNotSeeProbing = noClasses()
            .that()
            .resideInAPackage("io.goodhart.tuning..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.goodhart.probing..")
            .because("what they share is in domain or lm");

    @ArchTest
    static final ArchRule controlPlaneLoadsNoNativeMaths = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.goodhart.api..", "io.goodhart.db..", "io.goodhart.storage..", "io.goodhart.datasets..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.goodhart.tensor..", "io.goodhart.lm..", "io.goodhart.probing..", "io.goodhart.tuning..")
            .because("native code that crashes must not take the control plane along");

    @ArchTest
    static final ArchRule servicesMeetInDomainDatabaseAndHttp = noClasses()
            .that()
            .resideInAPackage("io.goodhart.api..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.goodhart.trainer..", "io.goodhart.probeservice..");

    @ArchTest
    static final ArchRule theWorkerDoesNotKnowTheOtherServices = noClasses()
            .that()
            .resideInAPackage("io.goodhart.trainer..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.goodhart.api..", "io.goodhart.probeservice..");

    @ArchTest
    static final ArchRule theProbeServiceDoesNotKnowTheOtherServices = noClasses()
            .that()
            .resideInAPackage("io.goodhart.probeservice..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.goodhart.api..", "io.goodhart.trainer..");

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("io.goodhart.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule nothingDrawsFromAnUnseededSource = noClasses()
            .should()
            .callConstructor(Random.class)
            .because("every random source is derived from a seed by Seeds.derive");

    @ArchTest
    static final ArchRule theDatabaseOwnsTheClock = noClasses()
            .that()
            .resideInAnyPackage("io.goodhart.db..", "io.goodhart.domain..")
            .should()
            .callMethod(Instant.class, "now")
            .because("now() of the database is the only clock of the queue");

    @ArchTest
    static final ArchRule servicesAreWokenAndDoNotSleep = noClasses()
            .that()
            .resideOutsideOfPackage("io.goodhart.standalone..")
            .should()
            .callMethodWhere(target(name("sleep"))
                    .and(target(owner(assignableTo(Thread.class).or(assignableTo(TimeUnit.class))))))
            .because("who waits is woken by what it waits for");

    @ArchTest
    static final ArchRule onlyTheCommandLineAndChildrenPrint = noClasses()
            .that()
            .resideOutsideOfPackages(
                    "io.goodhart.standalone..", "io.goodhart.trainer.child..", "io.goodhart.probeservice.child..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("services log; a child's standard output is its protocol");

    @ArchTest
    static final ArchRule controllersDoNotTouchEntities = noClasses()
            .that()
            .areAnnotatedWith("org.springframework.web.bind.annotation.RestController")
            .should()
            .dependOnClassesThat()
            .areAnnotatedWith("jakarta.persistence.Entity")
            .because("services do");

    @ArchTest
    static final ArchRule jsonStaysAtTheBorders = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.goodhart.domain..",
                    "io.goodhart.storage..",
                    "io.goodhart.tensor..",
                    "io.goodhart.probing..",
                    "io.goodhart.tuning..",
                    "io.goodhart.trainer.report..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson..", "com.fasterxml..")
            .because("JSON is read and written where it comes in and goes out");

    @ArchTest
    static final ArchRule noFieldIsInjected = fields().should()
            .notBeAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
            .because("dependencies come through the constructor");
}
