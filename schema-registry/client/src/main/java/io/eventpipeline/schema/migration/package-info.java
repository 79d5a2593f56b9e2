/**
 * How data of one version becomes data of the next: a JSONata expression, within bounds that no
 * expression and no data can leave.
 */
package io.eventpipeline.schema.migration;
