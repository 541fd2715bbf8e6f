package io.github.resilientdb;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which package may see which, and where each third-party API is at home.
 */
@AnalyzeClasses(packages = ArchitectureTests.ROOT,
		importOptions = { DoNotIncludeTests.class, ArchitectureTests.WithoutTestKit.class })
class ArchitectureTests {

	static final String ROOT = "io.github.resilientdb";

	@ArchTest
	static final ArchRule packagesSeeOnlyThoseBelowThem = layeredArchitecture().consideringOnlyDependenciesInLayers()
		.withOptionalLayers(true)
		.ensureAllClassesAreContainedInArchitecture()
		.layer("root")
		.definedBy(ROOT)
		.layer("disconnect")
		.definedBy(ROOT + ".disconnect")
		.layer("commit")
		.definedBy(ROOT + ".commit")
		.layer("pool")
		.definedBy(ROOT + ".pool")
		.layer("retry")
		.definedBy(ROOT + ".retry")
		.layer("jpa")
		.definedBy(ROOT + ".jpa")
		.layer("observe")
		.definedBy(ROOT + ".observe")
		.layer("actuate")
		.definedBy(ROOT + ".actuate")
		.layer("autoconfigure")
		.definedBy(ROOT + ".autoconfigure")
		.whereLayer("root")
		.mayNotAccessAnyLayer()
		.whereLayer("disconnect")
		.mayOnlyAccessLayers("root")
		.whereLayer("commit")
		.mayOnlyAccessLayers("root")
		.whereLayer("jpa")
		.mayOnlyAccessLayers("root")
		.whereLayer("observe")
		.mayOnlyAccessLayers("root")
		.whereLayer("pool")
		.mayOnlyAccessLayers("root", "commit", "disconnect")
		.whereLayer("retry")
		.mayOnlyAccessLayers("root", "pool", "commit", "disconnect")
		.whereLayer("actuate")
		.mayOnlyAccessLayers("root", "pool", "observe")
		.whereLayer("autoconfigure")
		.mayNotBeAccessedByAnyLayer();

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching("io.github.(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule oneClassKnowsSpringRetry = noClasses().that()
		.haveNameNotMatching(ROOT.replace(".", "\\.") + "\\.retry\\.SpringRetryEngine(\\$.*)?")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.retry..");

	@ArchTest
	static final ArchRule hikariIsAtHomeInThePool = onlyIn("com.zaxxer.hikari..", "pool", "autoconfigure");

	@ArchTest
	static final ArchRule theDriverIsAtHomeInThePoolAndTheCommit = onlyIn("org.postgresql..", "pool", "commit");

	@ArchTest
	static final ArchRule hibernateIsAtHomeInJpa = onlyIn("org.hibernate..", "jpa", "autoconfigure");

	@ArchTest
	static final ArchRule persistenceIsAtHomeInJpa = onlyIn("jakarta.persistence..", "jpa", "autoconfigure");

	@ArchTest
	static final ArchRule micrometerIsAtHomeInObserve = onlyIn("io.micrometer..", "observe", "autoconfigure");

	@ArchTest
	static final ArchRule bootIsAtHomeInAutoconfigureAndActuate = onlyIn("org.springframework.boot..", "autoconfigure",
			"actuate");

	@ArchTest
	static final ArchRule nothingIsPrinted = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

	@ArchTest
	static void everyPackageIsNullMarked(JavaClasses classes) {
		assertThat(classes).extracting(JavaClass::getPackage)
			.allMatch((javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class), "null-marked");
	}

	private static ArchRule onlyIn(String api, String... homes) {
		String[] packages = new String[homes.length];
		for (int i = 0; i < homes.length; i++) {
			packages[i] = ROOT + "." + homes[i];
		}
		return noClasses().that()
			.resideOutsideOfPackages(packages)
			.should()
			.dependOnClassesThat()
			.resideInAPackage(api)
			.allowEmptyShould(true);
	}

	/**
	 * The test kit is on the class path of the tests, but is no part of what they test.
	 */
	static class WithoutTestKit implements ImportOption {

		@Override
		public boolean includes(Location location) {
			return !location.contains("/io/github/resilientdb/test/");
		}

	}

}
