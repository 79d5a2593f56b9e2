/** How a command line is read and refused. */
package io.eventpipeline.launcher.cli;
