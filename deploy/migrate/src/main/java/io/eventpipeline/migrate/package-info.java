/** Brings ClickHouse and Postgres to the state that {@code deploy/*.sql} describes. */
package io.eventpipeline.migrate;
