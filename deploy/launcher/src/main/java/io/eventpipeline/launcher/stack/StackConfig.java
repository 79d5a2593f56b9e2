package io.eventpipeline.launcher.stack;

import io.eventpipeline.contract.Topics;
import io.eventpipeline.launcher.cli.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The configuration of our three programs in one stack, written anew at each start. */
final class StackConfig {
  private static final YAMLMapper YAML = YAMLMapper.builder().build();
  private static final String LOOPBACK = "127.0.0.1";
  private static final int PARTITIONS = 4;

  private final StackPlan plan;
  private final RunningStack stack;

  StackConfig(StackPlan plan) {
    this.plan = plan;
    this.stack = plan.asSeenByPrograms();
  }

  Path edgeFile() {
    return plan.home().config().resolve("edge.yaml");
  }

  Path registryFile() {
    return plan.home().config().resolve("registry.yaml");
  }

  Path jobFile() {
    return plan.home().config().resolve("job.yaml");
  }

  /** Writes the three files. */
  void write() {
    ConfigFile.write(plan.programs().edgeConfig(), edge(), edgeFile());
    ConfigFile.write(plan.programs().registryConfig(), registry(), registryFile());
    ConfigFile.write(plan.programs().jobConfig(), job(), jobFile());
  }

  private Map<String, Object> edge() {
    StackPorts ports = plan.ports();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("http.host", LOOPBACK);
    values.put("http.port", ports.edge());
    values.put("admin.host", LOOPBACK);
    values.put("admin.port", ports.edgeAdmin());
    values.put("kafka.bootstrapServers", stack.kafkaBootstrapServers());
    values.put("keys.postgresUrl", stack.postgresJdbcUrl());
    values.put("keys.user", LocalAccess.POSTGRES_USER);
    values.put("keys.password", LocalAccess.POSTGRES_PASSWORD);
    values.put("status.flinkUrl", new RunningStack(ports, plan.home().data()).flink().toString());
    values.put("status.clickhouseUrl", stack.clickhouse().toString());
    values.put("status.redisHost", LOOPBACK);
    values.put("status.redisPort", stack.ports().redis());
    values.put("status.registryUrl", stack.registry().toString());
    values.put("status.registryToken", LocalAccess.REGISTRY_TOKEN);
    values.put("schemas.registryUrl", stack.registry().toString());
    values.put("schemas.registryToken", LocalAccess.REGISTRY_TOKEN);
    values.put("schemas.redisHost", LOOPBACK);
    values.put("schemas.redisPort", stack.ports().redis());
    return values;
  }

  private Map<String, Object> registry() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("http.host", LOOPBACK);
    values.put("http.port", plan.ports().registry());
    values.put("postgres.url", stack.postgresJdbcUrl());
    values.put("postgres.user", LocalAccess.POSTGRES_USER);
    values.put("postgres.password", LocalAccess.POSTGRES_PASSWORD);
    values.put("clickhouse.url", stack.clickhouse().toString());
    values.put("clickhouse.database", LocalAccess.CLICKHOUSE_DATABASE);
    values.put("clickhouse.reader.user", LocalAccess.ANALYST_USER);
    values.put("clickhouse.reader.password", LocalAccess.ANALYST_PASSWORD);
    values.put("clickhouse.owner.user", LocalAccess.CLICKHOUSE_REGISTRY_USER);
    values.put("clickhouse.owner.password", LocalAccess.CLICKHOUSE_REGISTRY_PASSWORD);
    return values;
  }

  private Map<String, Object> job() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("kafka.bootstrapServers", stack.kafkaBootstrapServers());
    // The longest the broker of the kit allows: how long a stack may stay down after kill -9
    values.put("kafka.transactionTimeout", "PT1H");
    values.put("redis.host", LOOPBACK);
    values.put("redis.port", stack.ports().redis());
    values.put("postgres.url", stack.postgresJdbcUrl());
    values.put("postgres.user", LocalAccess.POSTGRES_USER);
    values.put("postgres.password", LocalAccess.POSTGRES_PASSWORD);
    values.put("registry.url", stack.registry().toString());
    values.put("registry.token", LocalAccess.REGISTRY_TOKEN);
    values.put("clickhouse.url", stack.clickhouse().toString());
    values.put("clickhouse.user", LocalAccess.PIPELINE_USER);
    values.put("clickhouse.password", LocalAccess.PIPELINE_PASSWORD);
    return values;
  }

  /** Every topic with its partitions; the routes are those of the job's configuration. */
  Map<String, Integer> topics() {
    Map<String, Integer> topics = new LinkedHashMap<>();
    for (String topic :
        List.of(Topics.RAW, Topics.VALIDATED, Topics.ENRICHED, Topics.DEAD_LETTERS)) {
      topics.put(topic, PARTITIONS);
    }
    topics.put(Topics.ALERTS, 1);
    routes().forEach(route -> topics.put(Topics.route(route), PARTITIONS));
    return topics;
  }

  private List<String> routes() {
    Path file = plan.programs().jobConfig();
    try {
      JsonNode routes = YAML.readTree(Files.readString(file)).path("routes");
      return List.copyOf(routes.propertyNames());
    } catch (IOException | JacksonException e) {
      throw new CommandException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}
