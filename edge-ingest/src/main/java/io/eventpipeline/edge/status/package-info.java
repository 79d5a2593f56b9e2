/** Asks every component of the pipeline how it is, with a time limit, off the event loops. */
package io.eventpipeline.edge.status;
