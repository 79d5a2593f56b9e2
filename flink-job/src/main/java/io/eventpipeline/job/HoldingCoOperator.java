package io.eventpipeline.job;

import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** {@link HoldingOperator} with two inputs. */
final class HoldingCoOperator<I1, I2, O> extends KeyedCoProcessOperator<String, I1, I2, O> {
  private static final long serialVersionUID = 1L;

  private final Held.Holding holding;

  <F extends KeyedCoProcessFunction<String, I1, I2, O> & Held.Holding> HoldingCoOperator(
      F function) {
    super(function);
    holding = function;
  }

  @Override
  public void processElement1(StreamRecord<I1> element) throws Exception {
    super.processElement1(element);
    holding.held().storeWhenFull(this);
  }

  @Override
  public void processElement2(StreamRecord<I2> element) throws Exception {
    super.processElement2(element);
    holding.held().storeWhenFull(this);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    holding.held().store(this);
  }
}
