package dev.alertuser;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.haveRawType;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.WarmupTrigger;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaParameter;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which way dependencies point, and what the Functions worker demands of functions. */
class ArchitectureTest {
    private static final JavaClasses APP = new ClassFileImporter().importPath(Path.of("target/classes"));

    /** What the worker binds without converting. */
    private static final Set<Class<?>> PARAMETERS =
            Set.of(String.class, HttpRequestMessage.class, ExecutionContext.class);

    @Test
    void dependenciesPointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.alertuser..")
                .layer("application")
                .definedBy("dev.alertuser")
                .layer("config")
                .definedBy("dev.alertuser.config")
                .layer("edge")
                .definedBy("dev.alertuser.functions.http")
                .layer("features")
                .definedBy(
                        "dev.alertuser.functions.lookup..",
                        "dev.alertuser.functions.queue..",
                        "dev.alertuser.functions.webhook..",
                        "dev.alertuser.functions.budget..",
                        "dev.alertuser.functions.analyst..",
                        "dev.alertuser.functions.operate..")
                .layer("payload")
                .definedBy("dev.alertuser.payload..")
                .layer("ratelimit")
                .definedBy("dev.alertuser.ratelimit..")
                .layer("defender")
                .definedBy("dev.alertuser.defender")
                .layer("delegated")
                .definedBy("dev.alertuser.delegated")
                .layer("tables")
                .definedBy("dev.alertuser.tables")
                .layer("queues")
                .definedBy("dev.alertuser.queues")
                .layer("service")
                .definedBy("dev.alertuser.service..")
                .whereLayer("features")
                .mayOnlyAccessLayers("application", "config", "edge", "payload", "delegated", "service")
                .whereLayer("edge")
                .mayOnlyAccessLayers("application", "config", "payload", "service")
                .whereLayer("application")
                .mayOnlyAccessLayers("config", "ratelimit", "defender", "delegated", "tables", "queues", "service")
                .whereLayer("config")
                .mayOnlyAccessLayers("ratelimit", "service")
                .whereLayer("payload")
                .mayOnlyAccessLayers("service")
                .whereLayer("ratelimit")
                .mayOnlyAccessLayers("tables", "service")
                .whereLayer("defender")
                .mayOnlyAccessLayers("service")
                .whereLayer("delegated")
                .mayOnlyAccessLayers("config", "defender", "service")
                .whereLayer("tables")
                .mayOnlyAccessLayers("service")
                .whereLayer("queues")
                .mayOnlyAccessLayers("service")
                .whereLayer("service")
                .mayNotAccessAnyLayer()
                .check(APP);
    }

    @Test
    void noPackagesDependOnEachOtherInACircle() {
        slices().matching("dev.(**)").should().beFreeOfCycles().check(APP);
    }

    @Test
    void featuresDoNotKnowEachOther() {
        slices().matching("dev.alertuser.functions.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(alwaysTrue(), resideInAPackage("dev.alertuser.functions.http"))
                .check(APP);
    }

    @Test
    void serviceAndPayloadKnowNoAzureType() {
        noAzureIn("dev.alertuser.service..", "dev.alertuser.payload..").check(APP);
    }

    @Test
    void aBrokenRuleIsFound() {
        assertThatThrownBy(() -> noAzureIn("dev.alertuser.tables").check(APP))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("com.azure");
        assertThat(APP).hasSizeGreaterThan(100);
    }

    @Test
    void aBrokenRuleIsFoundWithoutAnImport() {
        JavaClasses broken = new ClassFileImporter().importClasses(Unimported.class);

        assertThatThrownBy(() -> noAzureIn("dev.alertuser").check(broken))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("com.azure.core.util.Context");
    }

    static final class Unimported {
        Object context() {
            return com.azure.core.util.Context.NONE;
        }
    }

    private static ArchRule noAzureIn(String... packages) {
        return noClasses()
                .that()
                .resideInAnyPackage(packages)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.azure..", "com.microsoft..");
    }

    /** The worker makes a function anew for each call; what is static outlives it, and is shared by calls at the same time. */
    @Test
    void functionsHoldNoStaticState() {
        noStaticState().check(APP);
    }

    @ParameterizedTest
    @ValueSource(classes = {CachingFunction.class, CountingFunction.class, RememberingFunction.class})
    void staticStateIsFound(Class<?> function) {
        JavaClasses broken = new ClassFileImporter().importClasses(function);

        assertThatThrownBy(() -> noStaticState().check(broken))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(function.getSimpleName());
    }

    static final class CachingFunction {
        static final Map<String, String> ANSWERS = new ConcurrentHashMap<>();
    }

    static final class CountingFunction {
        static final AtomicInteger CALLS = new AtomicInteger();
    }

    static final class RememberingFunction {
        static String last = "";
    }

    private static ArchRule noStaticState() {
        return fields().that()
                .areDeclaredInClassesThat()
                .haveSimpleNameEndingWith("Function")
                .and()
                .areStatic()
                .should()
                .beFinal()
                .andShould(haveRawType(Duration.class)
                        .or(haveRawType(String.class))
                        .or(haveRawType(int.class))
                        .or(haveRawType(long.class)))
                .allowEmptyShould(true);
    }

    /** The worker would convert any other type with a JSON library of its own. Of a warm-up it passes what nobody reads. */
    @Test
    void functionsTakeTextOrHttpRequests() {
        methods()
                .that()
                .areAnnotatedWith(FunctionName.class)
                .should(new ArchCondition<>("take only " + PARAMETERS) {
                    @Override
                    public void check(JavaMethod method, ConditionEvents events) {
                        method.getParameters().stream()
                                .filter(parameter -> !parameter.isAnnotatedWith(WarmupTrigger.class))
                                .map(JavaParameter::getRawType)
                                .filter(type -> !isBoundAsItIs(type))
                                .forEach(type -> events.add(SimpleConditionEvent.violated(
                                        method, method.getFullName() + " takes " + type.getName())));
                    }
                })
                .check(APP);
    }

    private static boolean isBoundAsItIs(JavaClass type) {
        return PARAMETERS.stream().anyMatch(type::isEquivalentTo);
    }
}
