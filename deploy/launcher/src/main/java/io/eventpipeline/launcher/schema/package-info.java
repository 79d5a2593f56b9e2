/** {@code deploy/local schema}: the schema registry from a command line and from CI. */
package io.eventpipeline.launcher.schema;
