/**
 * Regular expressions as sets of strings: is one contained in another? Linear time, no
 * backtracking.
 */
package io.eventpipeline.compatibility.pattern;
