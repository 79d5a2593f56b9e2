package io.eventpipeline.job;

import io.eventpipeline.contract.DeadLetter;
import io.eventpipeline.contract.Event;
import java.util.function.Consumer;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * Where the topology's outputs go; each consumer attaches one sink, with its uid.
 *
 * @param arrivals every record of the raw topic, duplicates and junk included
 * @param processed every event that passed all steps, once
 * @param refused every dead letter
 * @param kafka the records of all output topics
 * @param users what Postgres should know of users
 */
record Sinks(
    Consumer<DataStream<Event>> arrivals,
    Consumer<DataStream<EnrichedEvent>> processed,
    Consumer<DataStream<DeadLetter>> refused,
    Consumer<DataStream<OutgoingRecord>> kafka,
    Consumer<DataStream<UserActivity>> users) {}
