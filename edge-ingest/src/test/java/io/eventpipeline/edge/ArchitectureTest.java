package io.eventpipeline.edge;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(
    packages = "io.eventpipeline.edge",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule reading_events_knows_neither_server_nor_broker =
      noClasses()
          .that()
          .resideInAPackage("..edge.event..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.vertx..", "io.netty..", "org.apache.kafka..", "..edge", "..edge.status");

  @ArchTest
  static final ArchRule the_way_to_kafka_knows_no_server =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("Publisher")
          .or()
          .haveSimpleName("Submitter")
          .or()
          .haveSimpleName("Submission")
          .or()
          .haveSimpleName("Splice")
          .or()
          .haveSimpleName("AckLane")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..");

  @ArchTest
  static final ArchRule only_the_publisher_and_the_status_know_kafka =
      noClasses()
          .that()
          .resideInAPackage("..edge")
          .and(not(simpleName("KafkaEventPublisher")))
          .and(not(simpleName("InFlight")))
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.kafka..");

  @ArchTest
  static final ArchRule the_status_knows_nothing_of_ingestion =
      noClasses()
          .that()
          .resideInAPackage("..edge.status")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("..edge", "..edge.event");

  @ArchTest
  static final ArchRule only_main_is_public =
      classes()
          .that()
          .resideInAPackage("..edge")
          .and()
          .areTopLevelClasses()
          .and()
          .haveSimpleNameNotStartingWith("package")
          .and(not(simpleName("Main")))
          .and(not(simpleName("EdgeConfig")))
          .should()
          .notBePublic();
}
