package io.eventpipeline.compatibility;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.eventpipeline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule knowsJsonAndNothingElse =
      classes()
          .that()
          .resideInAPackage("io.eventpipeline.compatibility..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.eventpipeline.compatibility..",
              "java.lang..",
              "java.util..",
              "java.math..",
              "java.net",
              "java.nio.charset",
              "tools.jackson..");

  @ArchTest
  static final ArchRule patternsKnowNoSchemas =
      classes()
          .that()
          .resideInAPackage("..compatibility.pattern..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("..compatibility.pattern..", "java..");

  @ArchTest
  static final ArchRule schemasKnowNoReasoning =
      classes()
          .that()
          .resideInAPackage("..compatibility.schema..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("..compatibility.schema..", "java..", "tools.jackson..");

  /** Addresses are compared, never opened. */
  @ArchTest
  static final ArchRule opensNothing =
      classes()
          .that()
          .resideInAPackage("io.eventpipeline.compatibility..")
          .should()
          .onlyDependOnClassesThat()
          .doNotHaveFullyQualifiedName("java.net.URL")
          .andShould()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages("java.io..", "java.nio.file..", "java.net.http..");
}
