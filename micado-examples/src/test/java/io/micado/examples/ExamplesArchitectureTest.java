package io.micado.examples;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Guards the direction of dependencies between the modules, which only the examples see all of. */
class ExamplesArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.micado");

    /** Everything of ours that is neither the API nor the plug-in's own. */
    private static DescribedPredicate<JavaClass> oursBut(String... packages) {
        String[] allowed = java.util.Arrays.copyOf(packages, packages.length + 1);
        allowed[packages.length] = "io.micado.api..";
        return resideInAPackage("io.micado..").and(not(resideInAnyPackage(allowed)));
    }

    @Test
    void everyModuleIsLookedAt() {
        for (String one : new String[] {
            "io.micado.Micado",
            "io.micado.api.spi.Cloud",
            "io.micado.swarm.SwarmOrchestrator",
            "io.micado.docker.DockerEngine",
            "io.micado.provider.docker.LocalProvider"
        }) {
            assertThat(ALL.contain(one)).as(one).isTrue();
        }
    }

    @Test
    void theSwarmNeedsTheApiAlone() {
        noClasses()
                .that()
                .resideInAnyPackage("io.micado.swarm..", "io.micado.docker..")
                .should()
                .dependOnClassesThat(oursBut("io.micado.swarm..", "io.micado.docker.."))
                .check(ALL);
    }

    @Test
    void theDockerClientDoesNotKnowTheSwarmPlugIn() {
        noClasses()
                .that()
                .resideInAPackage("io.micado.docker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micado.swarm..")
                .check(ALL);
    }

    @Test
    void providersNeedTheApiAloneAndTheDockerOneItsClientToo() {
        noClasses()
                .that()
                .resideInAPackage("io.micado.provider..")
                .and()
                .resideOutsideOfPackage("io.micado.provider.docker..")
                .should()
                .dependOnClassesThat(oursBut("io.micado.provider.."))
                .allowEmptyShould(true)
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("io.micado.provider.docker..")
                .should()
                .dependOnClassesThat(oursBut("io.micado.provider.docker..", "io.micado.docker.."))
                .check(ALL);
    }

    @Test
    void nothingNeedsTheExamplesAndTheyNeedNothingInternal() {
        classes()
                .that()
                .resideInAPackage("io.micado.examples..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAPackage("io.micado.examples..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("io.micado.examples")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micado.internal..")
                .check(ALL);
    }

    @Test
    void examplesSpeakThroughTheTerminalAndEndInMain() {
        noClasses()
                .that()
                .resideInAPackage("io.micado.examples")
                .and()
                .doNotBelongToAnyOf(Terminal.class)
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(ALL);
    }
}
