package io.eventpipeline.job.kafka;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Version 2. Version 1 is what the connector's own sink writes, and so did the job 0.1.0. */
final class PendingTransactionSerializer implements SimpleVersionedSerializer<PendingTransaction> {
  private static final int VERSION = 2;

  private final SimpleVersionedSerializer<KafkaCommittable> connectors;

  PendingTransactionSerializer(SimpleVersionedSerializer<KafkaCommittable> connectors) {
    this.connectors = connectors;
  }

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(PendingTransaction pending) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      byte[] kafka = connectors.serialize(pending.kafka());
      out.writeInt(connectors.getVersion());
      out.writeInt(kafka.length);
      out.write(kafka);
      out.writeBoolean(pending.witness() != null);
      if (pending.witness() != null) {
        out.writeUTF(pending.witness().topic());
        out.writeInt(pending.witness().partition());
        out.writeLong(pending.witness().offset());
      }
      out.writeLong(pending.afterCheckpoint());
      out.writeLong(pending.records());
      out.writeInt(pending.sources().size());
      for (Offsets offsets : pending.sources()) {
        out.writeInt(offsets.partition());
        out.writeLong(offsets.first());
        out.writeLong(offsets.last());
      }
    }
    return bytes.toByteArray();
  }

  @Override
  public PendingTransaction deserialize(int version, byte[] bytes) throws IOException {
    if (version == 1) {
      return new PendingTransaction(connectors.deserialize(1, bytes), null, 0, 0, List.of());
    }
    if (version != VERSION) {
      throw new IOException(
          "a Kafka transaction of format " + version + "; this job reads 1 to " + VERSION);
    }
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int kafkaVersion = in.readInt();
      KafkaCommittable kafka = connectors.deserialize(kafkaVersion, in.readNBytes(in.readInt()));
      Witness witness =
          in.readBoolean() ? new Witness(in.readUTF(), in.readInt(), in.readLong()) : null;
      long afterCheckpoint = in.readLong();
      long records = in.readLong();
      int partitions = in.readInt();
      List<Offsets> sources = new ArrayList<>();
      for (int i = 0; i < partitions; i++) {
        sources.add(new Offsets(in.readInt(), in.readLong(), in.readLong()));
      }
      return new PendingTransaction(kafka, witness, afterCheckpoint, records, sources);
    }
  }
}
