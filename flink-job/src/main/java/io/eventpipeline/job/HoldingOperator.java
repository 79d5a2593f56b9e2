package io.eventpipeline.job;

import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Runs a function that has its state {@link Held}. */
final class HoldingOperator<I, O> extends KeyedProcessOperator<String, I, O> {
  private static final long serialVersionUID = 1L;

  private final Held.Holding holding;

  <F extends KeyedProcessFunction<String, I, O> & Held.Holding> HoldingOperator(F function) {
    super(function);
    holding = function;
  }

  @Override
  public void processElement(StreamRecord<I> element) throws Exception {
    super.processElement(element);
    holding.held().storeWhenFull(this);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    holding.held().store(this);
  }
}
