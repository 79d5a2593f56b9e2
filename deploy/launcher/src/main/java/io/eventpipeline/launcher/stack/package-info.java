/** The whole system as processes of one machine: where it is, what runs, what to restart. */
package io.eventpipeline.launcher.stack;
