package io.eventpipeline.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScriptTest {
  @Test
  void splitsAtSemicolonsOutsideQuotesAndComments() {
    var script =
        Script.parse(
            "V1__x.sql",
            """
            -- a; comment
            SELECT ';', 'it''s; \\'; --', "a;b"; /* ; */
            SELECT `c;d`;
            -- the end""");

    assertThat(script.statements())
        .containsExactly("SELECT ';', 'it''s; \\'; --', \"a;b\"", "SELECT `c;d`");
  }

  @Test
  void ignoresCommentsAndLayoutInTheChecksum() {
    var plain = Script.parse("V1__x.sql", "SELECT 1;");
    var commented = Script.parse("V1__x.sql", "-- why\nSELECT\n  1 ;\n");
    var other = Script.parse("V1__x.sql", "SELECT 2;");

    assertThat(commented.checksum()).isEqualTo(plain.checksum()).isNotEqualTo(other.checksum());
  }

  @Test
  void shipsOnlyClickHouseStatementsThatMayBeRepeated() {
    assertThat(Script.onClassPath("clickhouse"))
        .hasSizeGreaterThanOrEqualTo(5)
        .allSatisfy(
            script ->
                assertThat(script.statements())
                    .isNotEmpty()
                    .allMatch(
                        statement ->
                            statement.matches(
                                "(?s)(CREATE TABLE IF NOT EXISTS|CREATE OR REPLACE VIEW"
                                    + "|ALTER TABLE \\S+\\s+ADD (COLUMN|INDEX) IF NOT EXISTS"
                                    + "|ALTER TABLE \\S+\\s+COMMENT COLUMN"
                                    + "|ALTER TABLE \\S+\\s+MODIFY (SETTING|TTL|COMMENT))\\s.*"),
                        "may be repeated"));
  }
}
