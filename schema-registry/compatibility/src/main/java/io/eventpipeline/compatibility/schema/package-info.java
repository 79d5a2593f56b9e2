/**
 * A JSON Schema as the checker reasons about it: the drafts' differences are settled at the door,
 * references are edges, annotations are gone.
 */
package io.eventpipeline.compatibility.schema;
