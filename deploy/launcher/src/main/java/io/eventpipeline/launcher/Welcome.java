package io.eventpipeline.launcher;

import io.eventpipeline.launcher.stack.LocalAccess;
import io.eventpipeline.launcher.stack.RunningStack;
import java.time.Duration;

/**
 * What {@code up} prints once everything is ready: where, who, and what to try first, which is what
 * README.md says; a test holds the two together.
 */
final class Welcome {
  private Welcome() {}

  static String text(RunningStack stack, Duration time) {
    int offset = stack.ports().offset();
    String option = offset == 0 ? "" : " --port-offset " + offset;
    return """
        READY in %d s

          edge             %s       write key %s (%s); API at /docs
          edge, operators  %s       /pipeline/status, /metrics
          schema registry  %s       %s / %s
          Flink web UI     %s
          ClickHouse       %s       %s / %s, native port %d
          Kafka            %s
          Postgres         127.0.0.1:%d, database %s       %s / %s
          Redis            127.0.0.1:%d
          data and logs    %s

        Try, in another terminal:
          curl -sS %s/v1/events -H 'Authorization: Bearer %s' -H 'Content-Type: application/json' -d '%s'
          deploy/local sql%s "SELECT event_type, user_segment, store_time_zone, session_cart_value, line_amount FROM processed WHERE event_id = 'my-first-event'"

        Ctrl-C or 'deploy/local down%s' stops everything; data stays.
        """
        .formatted(
            Math.max(1, Math.round(time.toMillis() / 1e3)),
            stack.edge(),
            LocalAccess.WRITE_KEYS.get(0),
            "store-1",
            stack.edgeAdmin(),
            stack.registry(),
            LocalAccess.REGISTRY_USER,
            LocalAccess.REGISTRY_TOKEN,
            stack.flink(),
            stack.clickhouse(),
            LocalAccess.ANALYST_USER,
            LocalAccess.ANALYST_PASSWORD,
            stack.ports().clickhouseNative(),
            stack.kafkaBootstrapServers(),
            stack.ports().postgres(),
            LocalAccess.POSTGRES_DATABASE,
            LocalAccess.POSTGRES_USER,
            LocalAccess.POSTGRES_PASSWORD,
            stack.ports().redis(),
            stack.data(),
            stack.edge(),
            LocalAccess.WRITE_KEYS.get(0),
            "{\"id\":\"my-first-event\",\"type\":\"cart.item_added\",\"userid\":\"u-42\",\"sessionid\":\"s-9\","
                + "\"data\":{\"sku\":\"SKU-1\",\"quantity\":2,\"unit_price\":19.90,\"currency\":\"EUR\"}}",
            option,
            option);
  }
}
