package io.eventpipeline.launcher;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The launcher sees every part, yet it starts our programs as processes: it never links them. */
@AnalyzeClasses(packages = "io.eventpipeline.launcher", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule linksNoProgram =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.eventpipeline.edge..", "io.eventpipeline.job..", "io.eventpipeline.registry..");

  @ArchTest
  static final ArchRule hasNoCycles =
      slices().matching("io.eventpipeline.launcher.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule commandsAreOnTop =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.eventpipeline.launcher.stack..",
              "io.eventpipeline.launcher.cli..",
              "io.eventpipeline.launcher.load..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.eventpipeline.launcher");

  @ArchTest
  static final ArchRule onlyTheStackStartsServices =
      noClasses()
          .that()
          .resideInAnyPackage("io.eventpipeline.launcher.cli..", "io.eventpipeline.launcher.load..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.eventpipeline.services..");
}
