package io.eventpipeline.job.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.eventpipeline.config.Secret;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.operators.UdfStreamOperatorFactory;
import org.junit.jupiter.api.Test;

class ClickHouseSinkGraphTest {
  @Test
  void commitsInATaskOfItsOwn() {
    var env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.enableCheckpointing(1000);
    var config = ClickHouseConfig.of("http://graph", "u", new Secret("p"), "events");
    env.fromData(List.of("a", "b"))
        .map(word -> new Reading(word, 0, 1, "{}"))
        .uid("words")
        .sinkTo(
            ClickHouseSink.<Reading>builder().config(config).mapping(Reading.mapping("t")).build())
        .uid("sink")
        .name("sink");

    StreamGraph graph = env.getStreamGraph();
    List<String> tasks =
        StreamSupport.stream(graph.getJobGraph().getVertices().spliterator(), false)
            .map(JobVertex::getName)
            .toList();

    assertThat(tasks).filteredOn(name -> name.contains("Committer")).hasSize(1);
    assertThat(tasks)
        .filteredOn(name -> name.contains("Writer"))
        .hasSize(1)
        .noneMatch(name -> name.contains("Committer"));
    assertThat(graph.getStreamNodes())
        .as("shows what waits for its checkpoint")
        .anyMatch(
            node ->
                node.getOperatorFactory() instanceof UdfStreamOperatorFactory<?> step
                    && step.getUserFunction() instanceof Handover);
  }
}
