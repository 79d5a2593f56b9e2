/** Realistic traffic against a running stack, and the proof by id that nothing was lost. */
package io.eventpipeline.launcher.load;
