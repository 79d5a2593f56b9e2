package io.eventpipeline.job;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.eventpipeline.job",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule KNOWS_NO_OTHER_PROGRAM =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.eventpipeline.edge..",
              "io.eventpipeline.registry..",
              "io.eventpipeline.launcher..",
              "io.eventpipeline.services..",
              "io.eventpipeline.migrate..");

  @ArchTest
  static final ArchRule PARSES_WITH_JACKSON_3_ONLY =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml.jackson.core..", "com.fasterxml.jackson.databind..");

  @ArchTest
  static final ArchRule DECODES_WITHOUT_FLINK_AND_KAFKA =
      noClasses()
          .that()
          .resideInAPackage("..job.decode..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..");

  @ArchTest
  static final ArchRule LOOKS_UP_WITHOUT_FLINK =
      noClasses()
          .that()
          .resideInAPackage("..job.lookup..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.flink..", "org.apache.kafka..");

  @ArchTest
  static final ArchRule SPEAKS_KAFKA_AT_ITS_ENDS =
      noClasses()
          .that()
          .resideOutsideOfPackage("..job.kafka..")
          .and()
          .haveNameNotMatching(".*\\.(Sources|RawEventSchema|KafkaOutput)(\\$.*)?")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.kafka..", "org.apache.flink.connector.kafka..");

  @ArchTest
  static final ArchRule SPEAKS_JDBC_BEHIND_LOOKUPS_USERS_AND_LEASE =
      noClasses()
          .that()
          .resideOutsideOfPackages("..job.lookup..", "..job.users..", "..job.lease..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..");
}
