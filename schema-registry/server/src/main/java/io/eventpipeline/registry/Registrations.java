package io.eventpipeline.registry;

import io.eventpipeline.registry.store.ChangeRefusedException;
import io.eventpipeline.registry.store.SchemaChanges.Registration;
import io.eventpipeline.schema.SchemaRejectedException;
import java.sql.SQLException;

/** Counts what comes of registrations, in whichever dialect they are asked for. */
public final class Registrations {
  private final RegistryMetrics metrics;

  Registrations(RegistryMetrics metrics) {
    this.metrics = metrics;
  }

  /** From the body of the request to the database. */
  @FunctionalInterface
  public interface Attempt {
    /** What {@code SchemaChanges} made of it. */
    Registration run() throws SQLException, SchemaRejectedException, ChangeRefusedException;
  }

  /** Runs it; what fails for another reason than the request itself is not counted. */
  public Registration count(Attempt attempt)
      throws SQLException, SchemaRejectedException, ChangeRefusedException {
    try {
      Registration done = attempt.run();
      metrics.registered(done.created());
      return done;
    } catch (Refusal | SchemaRejectedException | ChangeRefusedException e) {
      metrics.rejected();
      throw e;
    }
  }
}
