package io.eventpipeline.job;

import io.eventpipeline.config.ConfigReader;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** The job as a later release could be: one more step, with state of its own, before a sink. */
public final class UpgradedMain {
  /** Uid and name of the step. */
  public static final String STEP = "store-tally";

  private UpgradedMain() {}

  public static void main(String[] arguments) throws Exception {
    JobConfig config =
        ConfigReader.read(JobConfig.class, Path.of(arguments[1]), "JOB", System.getenv());
    StartChecks.run(config);
    var env = StreamExecutionEnvironment.getExecutionEnvironment(Main.settings(config));
    Sinks before = Main.sinks(config);
    Sinks sinks =
        new Sinks(
            before.arrivals(),
            processed -> before.processed().accept(tallied(processed)),
            before.refused(),
            before.kafka(),
            before.users());
    Main.define(env, config, sinks, Clock.systemUTC());
    env.execute("event-pipeline");
  }

  private static DataStream<EnrichedEvent> tallied(DataStream<EnrichedEvent> processed) {
    return processed
        .keyBy(enriched -> enriched.event().storeId(), Types.STRING)
        .process(new StoreTally(), processed.getType())
        .uid(STEP)
        .name(STEP);
  }

  /** Numbers the events of each store. */
  private static final class StoreTally
      extends KeyedProcessFunction<String, EnrichedEvent, EnrichedEvent> {
    private static final long serialVersionUID = 1L;
    private transient ValueState<Long> count;

    @Override
    public void open(OpenContext context) {
      count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Types.LONG));
    }

    @Override
    public void processElement(EnrichedEvent in, Context context, Collector<EnrichedEvent> out)
        throws Exception {
      Long before = count.value();
      count.update(before == null ? 1 : before + 1);
      out.collect(in);
    }
  }
}
