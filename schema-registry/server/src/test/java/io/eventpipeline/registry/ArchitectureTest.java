package io.eventpipeline.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.eventpipeline.registry",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule knowsOfOursOnlyContractClientAndConfig =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.eventpipeline.edge..",
              "io.eventpipeline.job..",
              "io.eventpipeline.launcher..",
              "io.eventpipeline.migrate..",
              "io.eventpipeline.services..");

  @ArchTest
  static final ArchRule onlyTheStoreKnowsSql =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.eventpipeline.registry.store")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.sql.PreparedStatement")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.sql.ResultSet");

  @ArchTest
  static final ArchRule theStoreKnowsNothingOfHttp =
      classes()
          .that()
          .resideInAPackage("io.eventpipeline.registry.store")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackages(
              "io.vertx..",
              "java.net.http..",
              "io.eventpipeline.registry",
              "io.eventpipeline.registry.confluent");
}
