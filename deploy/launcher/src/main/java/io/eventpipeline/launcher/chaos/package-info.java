/** Faults at random times from a seed, and the proof by id that no event was lost or doubled. */
package io.eventpipeline.launcher.chaos;
