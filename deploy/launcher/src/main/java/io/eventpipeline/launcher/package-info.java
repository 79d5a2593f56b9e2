/** The commands of {@code deploy/local}. */
package io.eventpipeline.launcher;
