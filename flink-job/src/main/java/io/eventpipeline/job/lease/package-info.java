/** Which of the running jobs may use a name; see {@link io.eventpipeline.job.lease.Lease}. */
package io.eventpipeline.job.lease;
