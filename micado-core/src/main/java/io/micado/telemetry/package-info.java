/**
 * What is told of an infrastructure in numbers, in one place for the page of {@link io.micado.http} and for {@link io.micado.micrometer}.
 * Not exported.
 */
@NullMarked
package io.micado.telemetry;

import org.jspecify.annotations.NullMarked;
