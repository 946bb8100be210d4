/**
 * Measurements whose figures stand in docs/benchmarks.md, each with the command that makes it.
 */
@NullMarked
package io.micado.examples.bench;

import org.jspecify.annotations.NullMarked;
