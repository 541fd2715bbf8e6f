package io.github.resilientdb;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which package of the test kit may see which.
 */
@AnalyzeClasses(packages = TestKitArchitectureTests.ROOT, importOptions = TestKitArchitectureTests.OnlyTestKit.class)
class TestKitArchitectureTests {

	static final String ROOT = "io.github.resilientdb.test";

	@ArchTest
	static void hasThesePackages(JavaClasses classes) {
		assertThat(classes).extracting(JavaClass::getPackageName)
			.containsOnly(ROOT, ROOT + ".proxy", ROOT + ".rows", ROOT + ".values");
	}

	@ArchTest
	static final ArchRule nothingSeesTheLibrary = noClasses().should()
		.dependOnClassesThat(JavaClass.Predicates.resideInAPackage("io.github.resilientdb..")
			.and(JavaClass.Predicates.resideOutsideOfPackage(ROOT + "..")));

	@ArchTest
	static final ArchRule proxySeesNoOtherPackage = seesNoOther("proxy");

	@ArchTest
	static final ArchRule rowsSeesNoOtherPackage = seesNoOther("rows");

	@ArchTest
	static final ArchRule valuesSeesNoOtherPackage = seesNoOther("values");

	@ArchTest
	static void everyPackageIsNullMarked(JavaClasses classes) {
		assertThat(classes).extracting(JavaClass::getPackage)
			.allMatch((javaPackage) -> javaPackage.isAnnotatedWith(NullMarked.class), "null-marked");
	}

	private static ArchRule seesNoOther(String name) {
		return noClasses().that()
			.resideInAPackage(ROOT + "." + name)
			.should()
			.dependOnClassesThat(JavaClass.Predicates.resideInAPackage(ROOT + "..")
				.and(JavaClass.Predicates.resideOutsideOfPackage(ROOT + "." + name)));
	}

	/**
	 * The classes under test, not those of these tests.
	 */
	static class OnlyTestKit implements ImportOption {

		@Override
		public boolean includes(Location location) {
			return location.contains("/io/github/resilientdb/test/");
		}

	}

}
