package io.micado;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.micado.bootstrap.PortPlans;
import io.micado.internal.loop.SystemTimekeeper;
import io.micado.internal.plugin.PluginRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Guards the direction of dependencies, the one clock and the one place of discovery. */
class ArchitectureTest {
    private static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.micado");

    @Test
    void apiNeedsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage("io.micado.api..")
                .should()
                .onlyDependOnClassesThat(resideInAPackage("io.micado.api..")
                        .or(resideInAPackage("java.."))
                        .or(resideInAPackage("org.jspecify..")))
                .check(PRODUCT);
    }

    @Test
    void planningIsPure() {
        noClasses()
                .that()
                .resideInAPackage("io.micado.internal.plan..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.micado.internal.loop..")
                        .or(resideInAPackage("io.micado.internal.act.."))
                        .or(resideInAPackage("io.micado.internal.state.."))
                        .or(resideInAPackage("io.micado.internal.lease.."))
                        .or(resideInAPackage("io.micado.api.time.."))
                        .or(resideInAPackage("java.io.."))
                        .or(resideInAPackage("java.nio.."))
                        .or(resideInAPackage("java.net.."))
                        .or(resideInAPackage("java.util.concurrent.."))
                        .or(resideInAPackage("org.slf4j..")))
                .check(PRODUCT);
    }

    @Test
    void dependenciesOfTheEngineGoOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("loop")
                .definedBy("io.micado.internal.loop..")
                .layer("act")
                .definedBy("io.micado.internal.act..")
                .layer("state")
                .definedBy("io.micado.internal.state..")
                .layer("memory")
                .definedBy("io.micado.internal.memory..")
                .layer("lease")
                .definedBy("io.micado.internal.lease..")
                .layer("call")
                .definedBy("io.micado.internal.call..")
                .layer("plan")
                .definedBy("io.micado.internal.plan..")
                .whereLayer("loop")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("act")
                .mayOnlyBeAccessedByLayers("loop")
                .whereLayer("state")
                .mayOnlyBeAccessedByLayers("loop")
                .whereLayer("memory")
                .mayOnlyBeAccessedByLayers("loop")
                .whereLayer("lease")
                .mayOnlyBeAccessedByLayers("loop", "act", "state")
                .whereLayer("call")
                .mayOnlyBeAccessedByLayers("loop", "act", "lease")
                .check(PRODUCT);
    }

    @Test
    void theEngineKnowsNothingOfWhatStandsAroundItButThePortPlan() {
        noClasses()
                .that()
                .resideInAPackage("io.micado.internal..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.micado.policy..",
                                "io.micado.simulation..",
                                "io.micado.config..",
                                "io.micado.telemetry..",
                                "io.micado.bootstrap..")
                        .and(not(JavaClass.Predicates.equivalentTo(PortPlans.class))))
                .check(PRODUCT);
    }

    @Test
    void policiesNeedTheApiAlone() {
        noClasses()
                .that()
                .resideInAPackage("io.micado.policy..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micado.internal..")
                .check(PRODUCT);
    }

    @Test
    void theHttpInterfaceStandsOnThePublicOneAndNothingOnIt() {
        noClasses()
                .that()
                .resideInAPackage("io.micado.http..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.micado.internal..")
                        .and(not(JavaClass.Predicates.equivalentTo(SystemTimekeeper.class))))
                .check(PRODUCT);
        noClasses()
                .that()
                .resideOutsideOfPackage("io.micado.http..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.micado.http..", "com.sun.net.httpserver..")
                .check(PRODUCT);
    }

    @Test
    void onlyTheSystemTimekeeperTouchesClocksAndThreads() {
        ArchRule rule = noClasses()
                .that()
                .areNotAssignableTo(SystemTimekeeper.class)
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(ZonedDateTime.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Executors.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ForkJoinPool.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Timer.class);
        rule.check(PRODUCT);
    }

    @Test
    void randomnessAlwaysHasASeed() {
        noClasses()
                .should()
                .callConstructor(Random.class)
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(ThreadLocalRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .check(PRODUCT);
    }

    @Test
    void onlyTheRegistryDiscoversPlugIns() {
        noClasses()
                .that()
                .resideOutsideOfPackage(PluginRegistry.class.getPackageName())
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ServiceLoader.class)
                .check(PRODUCT);
    }
}
