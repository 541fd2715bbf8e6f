package io.github.resilientdb;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import com.tngtech.archunit.core.domain.Dependency;
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

	/**
	 * Which packages each one sees, exactly: an arrow that goes is taken out here.
	 */
	private static final Map<String, Set<String>> ARROWS = Map.ofEntries(entry("root"), entry("disconnect", "root"),
			entry("attempt", "root"), entry("commit"), entry("commit.postgresql", "commit"),
			entry("watchdog", "commit"), entry("pool.settings"), entry("pool.socket"), entry("pool.jdbc"),
			entry("pool.connect", "root", "watchdog", "pool.settings", "pool.socket"),
			entry("pool.guard", "root", "attempt", "commit", "watchdog", "pool.settings", "pool.socket", "pool.jdbc",
					"pool.connect"),
			entry("pool", "root", "attempt", "commit", "commit.postgresql", "pool.settings", "pool.socket", "pool.jdbc",
					"pool.connect", "pool.guard"),
			entry("retry.method", "root"), entry("retry", "root", "attempt", "disconnect", "retry.method"),
			entry("jpa", "root"), entry("observe", "root"), entry("actuate", "root", "observe"),
			entry("autoconfigure.database", "root", "pool"),
			entry("autoconfigure", "root", "disconnect", "commit", "commit.postgresql", "pool", "pool.settings",
					"retry", "retry.method", "jpa", "observe", "actuate", "autoconfigure.database"));

	@ArchTest
	static void packagesSeeOnlyThoseBelowThem(JavaClasses classes) {
		Map<String, Set<String>> arrows = new TreeMap<>();
		for (JavaClass type : classes) {
			Set<String> seen = arrows.computeIfAbsent(layer(type), (name) -> new TreeSet<>());
			for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
				JavaClass target = dependency.getTargetClass().getBaseComponentType();
				if (target.getPackageName().startsWith(ROOT) && !layer(target).equals(layer(type))) {
					seen.add(layer(target));
				}
			}
		}
		assertThat(arrows).containsExactlyInAnyOrderEntriesOf(ARROWS);
	}

	private static String layer(JavaClass type) {
		String name = type.getPackageName();
		return name.equals(ROOT) ? "root" : name.substring(ROOT.length() + 1);
	}

	private static Map.Entry<String, Set<String>> entry(String layer, String... seen) {
		return Map.entry(layer, Set.of(seen));
	}

	@ArchTest
	static final ArchRule packagesHaveNoCycles = slices().matching("io.github.(**)").should().beFreeOfCycles();

	@ArchTest
	static final ArchRule oneClassKnowsSpringRetry = noClasses().that()
		.haveNameNotMatching(ROOT.replace(".", "\\.") + "\\.retry\\.SpringRetryEngine(\\$.*)?")
		.should()
		.dependOnClassesThat()
		.resideInAPackage("org.springframework.retry..");

	@ArchTest
	static final ArchRule hikariIsAtHomeInThePool = onlyIn("com.zaxxer.hikari..", "pool", "pool.connect", "pool.guard",
			"autoconfigure", "autoconfigure.database");

	@ArchTest
	static final ArchRule theDriverIsAtHomeWhereConnectionsAreOpenedAndUsed = onlyIn("org.postgresql..", "pool.connect",
			"pool.guard", "commit.postgresql");

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
