/** Typed configuration: a YAML file, then the environment on top, as one immutable record. */
package io.eventpipeline.config;
