package io.eventpipeline.job;

import io.eventpipeline.schema.Schemas;
import java.io.Serializable;

/** Opens the schemas where the job runs. */
interface SchemaSource extends Serializable {
  /**
   * Schemas that are ready to be asked.
   *
   * @throws Exception when they are not within the configured time: the job restarts and tries
   *     again
   */
  Schemas open() throws Exception;
}
