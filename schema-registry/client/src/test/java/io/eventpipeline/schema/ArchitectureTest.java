package io.eventpipeline.schema;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.eventpipeline", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule knowsOfOursOnlyTheContract =
      classes()
          .that()
          .resideInAPackage("io.eventpipeline.schema..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.eventpipeline.schema..",
              "io.eventpipeline.contract..",
              "java..",
              "com.networknt.schema..",
              "com.dashjoin.jsonata..",
              "tools.jackson..",
              "com.google.re2j..",
              "com.github.benmanes.caffeine..",
              "redis.clients.jedis..",
              "org.apache.commons.pool2..",
              "org.slf4j..");

  @ArchTest
  static final ArchRule onlyOneTypeKnowsRedis =
      classes()
          .that()
          .haveSimpleNameNotStartingWith("RedisSchemaCache")
          .and()
          .resideInAPackage("io.eventpipeline.schema..")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("redis.clients..");

  @ArchTest
  static final ArchRule onlyOneTypeSpeaksHttp =
      classes()
          .that()
          .haveSimpleNameNotStartingWith("HttpRegistryApi")
          .and()
          .resideInAPackage("io.eventpipeline.schema..")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("java.net.http..");

  @ArchTest
  static final ArchRule onlyMigrationsSpeakJsonata =
      classes()
          .that()
          .resideOutsideOfPackage("io.eventpipeline.schema.migration")
          .should()
          .onlyDependOnClassesThat()
          .resideOutsideOfPackage("com.dashjoin..");
}
