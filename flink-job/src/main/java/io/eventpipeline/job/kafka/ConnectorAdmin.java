package io.eventpipeline.job.kafka;

import java.lang.reflect.Field;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/**
 * The admin client with which the connector's writer looks for lingering transactions and which, as
 * of 5.0.0, it never closes.
 *
 * <p>Each restart of a subtask left a thread and a connection behind, and with them all classes of
 * its job: the eighth job on a TaskManager found its 256 MB of metaspace full. There is no other
 * way to it than its field.
 */
final class ConnectorAdmin {
  private ConnectorAdmin() {}

  /** Closes it, if the writer has one; a connector that does so itself is not disturbed. */
  static void close(Object writer) throws IllegalAccessException {
    for (Class<?> type = writer.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (Admin.class.isAssignableFrom(field.getType())) {
          field.setAccessible(true);
          if (field.get(writer) instanceof Admin admin) {
            admin.close(Duration.ZERO);
          }
        }
      }
    }
  }
}
