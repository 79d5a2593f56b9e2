/**
 * The servers that the product needs, each an operating-system process of its own behind {@link
 * io.eventpipeline.services.Service}: Kafka, Redis, Postgres, ClickHouse and a Flink cluster. Tests
 * and {@code deploy/local} start them with {@link io.eventpipeline.services.ServiceKit}; nothing
 * here knows our own programs.
 */
package io.eventpipeline.services;
