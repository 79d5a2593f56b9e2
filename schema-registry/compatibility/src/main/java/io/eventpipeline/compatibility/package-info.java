/**
 * Is every value that is valid under one JSON Schema valid under another, and if not, why?
 *
 * <p>{@link io.eventpipeline.compatibility.CompatibilityChecker} is the way in; {@code
 * RATIONALE.md} has the argument. Pure: no I/O, no clock, no threads, no state between calls.
 */
package io.eventpipeline.compatibility;
